import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sound } from './sound';

/** What was heard: the first note of each sound. */
let heard: number[][];

class Context {
  readonly #notes: number[] = [];
  readonly currentTime = 0;
  readonly destination = {};
  constructor() { heard.push(this.#notes); }
  createGain(): unknown { return { gain: { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined }, connect: () => undefined }; }
  createOscillator(): unknown {
    const notes = this.#notes;
    return { frequency: { set value(hertz: number) { notes.push(hertz); } }, connect: () => ({ connect: () => undefined }), start: () => undefined, stop: () => undefined };
  }
  close(): Promise<void> { return Promise.resolve(); }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('AudioContext', Context);
  heard = [];
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what is told by ear', () => {
  it('is heard one after the other, what matters most first', () => {
    sound('advisory');
    sound('call');
    sound('warning');
    sound('caution');
    expect(heard).toEqual([[440]]);
    vi.runAllTimers();
    expect(heard).toEqual([[440], [880, 880, 880], [620, 620], [523, 784]]);
  });

  it('is heard once of a kind, however many come together, and again later', () => {
    for (let alarm = 0; alarm < 300; alarm++) sound('warning');
    sound('call');
    sound('call');
    vi.runAllTimers();
    expect(heard).toEqual([[880, 880, 880], [523, 784]]);
    sound('warning');
    expect(heard).toHaveLength(3);
  });
});
