/** Clocks further apart than this make the figure worthless. */
const believableMs = 30_000;
const leastSamples = 5;

export interface Latency {
  p50Ms: number;
  p95Ms: number;
  /** From the camera's own statement, or only from the arrival at the server. */
  from: 'capture' | 'arrival';
}

/** The age of the pictures as they are shown, over the last of them. */
export class LatencyMeter {
  readonly #capacity: number;
  #samples: number[] = [];
  #from: Latency['from'] = 'arrival';

  constructor(capacity = 100) {
    this.#capacity = capacity;
  }

  add(ms: number, from: Latency['from']): void {
    if (from !== this.#from) this.clear();
    this.#from = from;
    this.#samples.push(ms);
    if (this.#samples.length > this.#capacity) this.#samples.shift();
  }

  clear(): void {
    this.#samples = [];
  }

  /** Null while too little is known, and where the two clocks plainly disagree: a picture is not shown before it is taken. */
  get(): Latency | null {
    if (this.#samples.length < leastSamples) return null;
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
    const p50Ms = at(0.5);
    return p50Ms < 0 || p50Ms > believableMs ? null : { p50Ms, p95Ms: at(0.95), from: this.#from };
  }
}
