import type { Player, PlayerEvents } from './player';
import { goneForMs, pauseMs } from './backOff';
import { ShownPictures } from './shownPictures';
import type { PlayerStatus } from './status';

/** The live playlist given to the browser's own player: where there is neither WebCodecs nor a media source. It says little of itself. */
export class HlsPlayer implements Player {
  readonly #url: string;
  readonly #video: HTMLVideoElement;
  readonly #events: PlayerEvents;
  readonly #shown: ShownPictures;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #stopped = false;

  constructor(url: string, video: HTMLVideoElement, events: PlayerEvents) {
    this.#url = url;
    this.#video = video;
    this.#events = events;
    this.#shown = new ShownPictures(events.onchange, () => performance.now());
  }

  get status(): PlayerStatus {
    return this.#shown.status;
  }

  start(): void {
    this.#video.muted = true;
    this.#video.addEventListener('error', this.#again);
    this.#video.addEventListener('ended', this.#again);
    this.#frame = this.#video.requestVideoFrameCallback(this.#seen);
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#video.removeEventListener('error', this.#again);
    this.#video.removeEventListener('ended', this.#again);
    this.#video.cancelVideoFrameCallback(this.#frame);
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  readonly #seen = (): void => {
    this.#attempt = 0;
    this.#shown.change({ connection: 'open', refusal: null, stream: 'live' });
    this.#shown.show(this.#video.videoWidth, this.#video.videoHeight, this.#ageMs(), 'arrival', false, 0);
    this.#frame = this.#video.requestVideoFrameCallback(this.#seen);
  };

  readonly #again = (): void => {
    clearTimeout(this.#timer);
    this.#shown.change({ connection: 'waiting' });
    void this.#ask(() => (this.#timer = setTimeout(() => this.#open(), pauseMs(this.#attempt++))));
  };

  /** Why it is refused; of what is only not known, now and then again. */
  async #ask(goOn: () => void): Promise<void> {
    const refusal = await this.#events.whyRefused().catch(() => null);
    // By now the element may show another stream, in the hands of another player.
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    if (!refusal) goOn();
    else this.#shown.change({ connection: 'refused', refusal });
    if (refusal === 'gone') this.#timer = setTimeout(() => void this.#ask(() => this.#open()), goneForMs());
  }

  #open(): void {
    this.#shown.change({ connection: 'connecting', refusal: null });
    this.#video.src = this.#url;
    this.#video.play().catch(() => undefined);
  }

  /** The playlist dates its segments; a browser that passes that on tells how old the picture is. */
  #ageMs(): number | null {
    const began = (this.#video as HTMLVideoElement & { getStartDate?: () => Date }).getStartDate?.().getTime() ?? NaN;
    return Number.isFinite(began) ? Math.max(0, Date.now() - began - this.#video.currentTime * 1000) : null;
  }
}
