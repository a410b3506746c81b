/** Below this width, pixels, panels do not stand beside the map: lists rise from its foot and details cover it (see app.css). */
const narrowBelow = '(max-width: 760px)';
const sheetShare = 0.46;
/** The bars above and below the map there, pixels. */
const barsPx = 106;

/** How much of the map the open panels cover, pixels: what is centred or fitted keeps clear of them. */
class Panels {
  #left = $state(0);
  #right = $state(0);
  #narrow = $state(false);
  #height = $state(0);

  constructor() {
    const query = matchMedia(narrowBelow);
    const look = (): void => {
      this.#narrow = query.matches;
      this.#height = innerHeight - barsPx;
    };
    query.addEventListener('change', look);
    addEventListener('resize', look);
    look();
  }

  get left(): number { return this.#narrow ? 0 : this.#left; }
  set left(width: number) { this.#left = width; }

  get right(): number { return this.#narrow ? 0 : this.#right; }
  set right(width: number) { this.#right = width; }

  get bottom(): number { return this.#narrow && this.#left > 0 ? this.#height * sheetShare : 0; }
}

export const panels = new Panels();
