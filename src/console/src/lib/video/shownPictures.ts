import { LatencyMeter } from './latency';
import { initialStatus, type PlayerStatus } from './status';

const rateWindowMs = 1000;

/** What a player has shown, as its status: counted at each picture, told at once only where people must see it. */
export class ShownPictures {
  readonly #now: () => number;
  readonly #onchange: (status: PlayerStatus) => void;
  readonly #latency = new LatencyMeter();
  readonly #times: number[] = [];
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

  /** A picture was shown that is `ageMs` old; null where that cannot be said. */
  show(width: number, height: number, ageMs: number | null, from: 'capture' | 'arrival', damaged: boolean, dropped: number): void {
    const now = this.#now();
    const news = this.#status.shownAt === null || this.#status.width !== width || this.#status.height !== height || this.#status.damaged !== damaged;
    this.#status = { ...this.#status, shownAt: now, width, height, damaged, dropped, shown: this.#status.shown + 1 };
    this.#times.push(now);
    if (ageMs !== null) this.#latency.add(ageMs, from);
    if (news) this.#onchange(this.status);
  }

  forgetLatency(): void {
    this.#latency.clear();
  }
}
