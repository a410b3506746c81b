import { LatencyMeter } from './latency';
import { initialStatus, type PlayerStatus } from './status';
import type { StateMessage } from './wire';

const rateWindowMs = 1000;

/** What a player has shown, as its status: counted at each picture, told at once only where people must see it. */
export class ShownPictures {
  readonly #now: () => number;
  readonly #onchange: (status: PlayerStatus) => void;
  readonly #latency = new LatencyMeter();
  readonly #times: number[] = [];
  /** When the newest picture of the stream came to the service; null while more come. */
  #stoppedAt: number | null = null;
  #status: PlayerStatus = { ...initialStatus };

  constructor(onchange: (status: PlayerStatus) => void, now: () => number) {
    this.#onchange = onchange;
    this.#now = now;
  }

  get status(): PlayerStatus {
    const from = this.#now() - rateWindowMs;
    while (this.#times.length > 0 && this.#times[0]! < from) this.#times.shift();
    return { ...this.#status, latency: this.#latency.get(), rate: this.#times.length };
  }

  change(change: Partial<PlayerStatus>): void {
    const keys = Object.keys(change) as (keyof PlayerStatus)[];
    if (keys.every((key) => this.#status[key] === change[key])) return;
    this.#status = { ...this.#status, ...change };
    this.#onchange(this.status);
  }

  /**
   * What the stream says of itself. Of one that has stopped the service still shows the last pictures to whoever comes: they are as old as it says,
   * not as old as this page. It says an age, so the clocks of both need not agree.
   */
  hear({ state, ageMs }: StateMessage): void {
    this.#stoppedAt = state === 'live' || ageMs === null ? null : this.#now() - ageMs;
    const { shownAt } = this.#status;
    this.change({ stream: state, shownAt: shownAt === null ? null : this.#cameAt(shownAt) });
  }

  /** A picture was shown that is `ageMs` old; null where that cannot be said. */
  show(width: number, height: number, ageMs: number | null, from: 'capture' | 'arrival', damaged: boolean, dropped: number): void {
    const now = this.#now();
    const news = this.#status.shownAt === null || this.#status.width !== width || this.#status.height !== height || this.#status.damaged !== damaged;
    this.#status = { ...this.#status, shownAt: this.#cameAt(now), width, height, damaged, dropped, shown: this.#status.shown + 1 };
    this.#times.push(now);
    if (ageMs !== null) this.#latency.add(ageMs, from);
    if (news) this.#onchange(this.status);
  }

  forgetLatency(): void {
    this.#latency.clear();
  }

  #cameAt(shownAt: number): number {
    return this.#stoppedAt === null ? shownAt : Math.min(shownAt, this.#stoppedAt);
  }
}
