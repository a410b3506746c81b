import type { CodedPicture } from './wire';

/** Pictures that may be inside the decoder: more would only be delay. */
export const inDecoder = 3;
/** Pictures that may wait before it. A new viewer gets all those since the last key picture at once, up to ten seconds of them. */
const mostWaiting = 300;

/**
 * What waits to be decoded. Live means: no hole is decoded over (it goes on with the next key picture), and whoever is behind
 * jumps to the newest key picture instead of showing the past.
 */
export class PictureQueue {
  #waiting: CodedPicture[] = [];
  #wantsKey = true;
  #nextSequence: number | null = null;
  #dropped = 0;

  /** Pictures that came and were not decoded. */
  get dropped(): number { return this.#dropped; }
  get length(): number { return this.#waiting.length; }
  get wantsKey(): boolean { return this.#wantsKey; }

  offer(picture: CodedPicture): void {
    const hole = this.#nextSequence !== null && picture.sequence !== this.#nextSequence;
    this.#nextSequence = (picture.sequence + 1) >>> 0;
    if (picture.isKey) {
      // What still waits before a key picture is the past already, unless it is about to be decoded anyway.
      if (this.#waiting.length > inDecoder) this.#drop();
      this.#wantsKey = false;
    } else if (hole || picture.isDiscontinuous) {
      this.#wantsKey = true;
    }
    if (this.#wantsKey) {
      this.#dropped++;
      return;
    }
    if (this.#waiting.length >= mostWaiting) {
      this.#drop();
      this.#dropped++;
      this.#wantsKey = true;
      return;
    }
    this.#waiting.push(picture);
  }

  take(): CodedPicture | null {
    return this.#waiting.shift() ?? null;
  }

  /** The decoder was lost, or another stream begins: nothing can be decoded before the next key picture. */
  reset(): void {
    this.#drop();
    this.#wantsKey = true;
  }

  /** A new connection counts from its own start. */
  restart(): void {
    this.reset();
    this.#nextSequence = null;
  }

  #drop(): void {
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
  }
}
