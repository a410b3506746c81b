import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingPlayer, UnplayableError } from './recordingPlayer';
import type { Hole, Piece } from './replay';

/** A media source whose buffer remembers which piece lies where; every act ends at once. */
class Buffer extends EventTarget {
  timestampOffset = 0;
  appendWindowStart = 0;
  appendWindowEnd = Infinity;
  laid: { offset: number; end: number; name: number }[] = [];
  removed: [number, number][] = [];
  changeType(): void { /* The same codec all along. */ }
  appendBuffer(bytes: Uint8Array): void {
    this.laid.push({ offset: this.timestampOffset, end: this.appendWindowEnd, name: bytes.at(-1)! });
    queueMicrotask(() => this.dispatchEvent(new Event('updateend')));
  }
  remove(from: number, to: number): void {
    if (from < 0) throw new TypeError('The start provided is outside the range.');
    this.removed.push([from, to]);
    queueMicrotask(() => this.dispatchEvent(new Event('updateend')));
  }
}

class Source extends EventTarget {
  static made: Source;
  static supported: (type: string) => boolean;
  static isTypeSupported = (type: string): boolean => Source.supported(type);
  duration = 0;
  readonly buffer = new Buffer();
  constructor() { super(); Source.made = this; }
  addSourceBuffer(): Buffer { return this.buffer; }
}

class Video extends EventTarget {
  src = '';
  currentTime = 0;
  playbackRate = 1;
  paused = false;
  seeking = false;
  readonly HAVE_METADATA = 1;
  readonly HAVE_CURRENT_DATA = 2;
  readyState = 4;
  held: [number, number][] = [];
  get buffered(): { length: number; start: (index: number) => number; end: (index: number) => number } {
    return { length: this.held.length, start: (index) => this.held[index]![0], end: (index) => this.held[index]![1] };
  }
  pause(): void { this.paused = true; }
  load(): void { /* Nothing to be loaded. */ }
  removeAttribute(): void { this.src = ''; }
}

const pieces: Piece[] = [
  { number: 1, startS: 0, endS: 10, bytes: 100 }, { number: 2, startS: 10, endS: 20, bytes: 100 },
  { number: 3, startS: 35, endS: 45, bytes: 100 }, { number: 4, startS: 100, endS: 110, bytes: 100 },
];

/** A file with a decoder configuration, and the piece's number at its end. */
function file(number: number, profile = 0x42): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(60);
  bytes.set([...'avcC'].map((letter) => letter.charCodeAt(0)), 10);
  bytes.set([1, profile, 0xc0, 0x1f], 14);
  bytes[59] = number;
  return bytes;
}

interface Begun { player: RecordingPlayer; video: Video; holes: [number, number][]; unplayable: number[]; errors: unknown[]; fetched: number[]; later: () => Promise<void> }

function begin(fetchPiece: (piece: Piece) => Promise<Uint8Array<ArrayBuffer>> = async ({ number }) => file(number), list: readonly Piece[] = pieces, gaps: readonly Hole[] = []): Begun {
  const [video, holes, unplayable, errors, fetched] = [new Video(), [] as [number, number][], [] as number[], [] as unknown[], [] as number[]];
  const player = new RecordingPlayer(video as unknown as HTMLVideoElement, list, gaps, {
    fetchPiece: (piece) => {
      fetched.push(piece.number);
      return fetchPiece(piece);
    },
    onerror: (error) => errors.push(error),
    onhole: (from, to) => holes.push([from, to]),
    onunplayable: ({ number }) => unplayable.push(number),
  });
  player.start();
  Source.made.dispatchEvent(new Event('sourceopen'));
  return { player, video, holes, unplayable, errors, fetched, later: async () => void (await vi.advanceTimersByTimeAsync(250)) };
}

beforeEach(() => {
  vi.useFakeTimers();
  Source.supported = () => true;
  vi.stubGlobal('MediaSource', Source);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:recording');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the player of a recording', () => {
  it('lays each piece where it belongs, no further than the next, and fetches ahead', async () => {
    const { video, fetched, later } = begin();
    await later();
    expect(Source.made.duration).toBe(110);
    expect(fetched).toEqual([1]);
    video.currentTime = 4;
    await later();
    expect(fetched).toEqual([1, 2]);
    expect(Source.made.buffer.laid).toEqual([{ offset: 0, end: 10.1, name: 1 }, { offset: 10, end: 20.1, name: 2 }]);
  });

  it('takes nothing away from the piece that follows, when the one before it is fetched again', async () => {
    const { video, later } = begin();
    for (const at of [0, 101, 11, 4]) {
      video.currentTime = at;
      await later();
    }
    expect(Source.made.buffer.laid.map(({ name, end }) => [name, end])).toEqual([[1, 10.1], [4, 110.1], [2, 20.1], [1, 10]]);
  });

  it('jumps over a hole within a piece, and over what cannot be decoded after it', async () => {
    const { video, holes, later } = begin(undefined, pieces, [{ startS: 3, endS: 6, reason: 'sourceSilent' }]);
    video.held = [[0, 2.98], [7.2, 10]];
    video.currentTime = 2.95;
    await later();
    expect(video.currentTime).toBe(6);
    expect(holes).toEqual([[2.95, 6]]);
    video.readyState = 1;
    await later();
    expect(video.currentTime).toBe(7.2);
  });

  it('goes to the first picture where the browser has cut the place it was sent to, to just before it', async () => {
    const { video, later } = begin(undefined, pieces, [{ startS: 3, endS: 6.000_000_7, reason: 'sourceSilent' }]);
    await later();
    [video.held, video.currentTime, video.seeking, video.readyState] = [[[0, 2.98], [6.16, 10]], 6, true, 1];
    await later();
    expect(video.currentTime).toBe(6.16);
  });

  it('goes to the first picture of a piece that begins after a hole, where the browser stands just before it', async () => {
    const list = [pieces[0]!, { number: 2, startS: 35.000_000_7, endS: 45, bytes: 100 }];
    const { video, later } = begin(undefined, list);
    [video.currentTime, video.seeking, video.readyState] = [35, true, 1];
    await later();
    video.held = [[35.4, 45]];
    await later();
    expect(video.currentTime).toBe(35.4);
  });

  it('goes on where pictures were lost of which no gap tells', async () => {
    const { video, later } = begin();
    video.held = [[0, 2.98], [4.2, 10]];
    [video.currentTime, video.readyState] = [2.95, 2];
    for (let look = 0; look < 3; look++) await later();
    expect(video.currentTime).toBe(4.2);
  });

  it('waits in a hole within a piece while it stands still', async () => {
    const { video, later } = begin(undefined, pieces, [{ startS: 3, endS: 6, reason: 'sourceSilent' }]);
    video.held = [[0, 2.98], [6, 10]];
    [video.currentTime, video.paused, video.readyState] = [4, true, 1];
    for (let look = 0; look < 3; look++) await later();
    expect(video.currentTime).toBe(4);
  });

  it('jumps over a hole and says so, but not while it stands still', async () => {
    const { video, holes, later } = begin();
    [video.currentTime, video.paused] = [19.9, true];
    await later();
    expect(video.currentTime).toBe(19.9);
    video.paused = false;
    await later();
    expect(video.currentTime).toBe(35);
    expect(holes).toEqual([[19.9, 35]]);
  });

  it('leaves a hole that it was sent into, where the seek itself never ends', async () => {
    const { video, holes, later } = begin();
    await later();
    [video.currentTime, video.seeking, video.readyState] = [24, true, 1];
    await later();
    // It is still being drawn over the hole.
    expect(video.currentTime).toBe(24);
    video.currentTime = 25;
    await later();
    await later();
    expect(video.currentTime).toBe(35);
    expect(holes).toEqual([[25, 35]]);
  });

  it('goes to the first picture of a piece that begins before it, but never out of a hole while it stands still', async () => {
    const { video, later } = begin();
    [video.paused, video.readyState, video.held] = [true, 1, [[0.8, 10]]];
    await later();
    expect(video.currentTime).toBe(0.8);
    [video.currentTime, video.held] = [34.5, [[0.8, 10], [35, 45]]];
    await later();
    await later();
    expect(video.currentTime).toBe(34.5);
  });

  it('goes on where the browser waits at a seam, and where it waits for nothing', async () => {
    const { video, later } = begin();
    video.held = [[0, 9.94], [10, 20]];
    [video.currentTime, video.readyState] = [9.8, 4];
    await later();
    await later();
    expect(video.currentTime).toBe(9.8);
    video.readyState = 2;
    await later();
    await later();
    expect(video.currentTime).toBe(10);
    video.currentTime = 13;
    await later();
    await later();
    expect(video.currentTime).toBe(13);
    for (let look = 0; look < 5; look++) await later();
    expect(video.currentTime).toBeCloseTo(13.05);
    video.paused = true;
    for (let look = 0; look < 8; look++) await later();
    expect(video.currentTime).toBeCloseTo(13.05);
  });

  it('goes on where the browser says that it has enough, and stands', async () => {
    const { video, later } = begin();
    [video.held, video.currentTime, video.readyState] = [[[0.000863, 10]], 0, 4];
    for (let look = 0; look < 2; look++) await later();
    expect(video.currentTime).toBe(0);
    for (let look = 0; look < 5; look++) await later();
    expect(video.currentTime).toBe(0.000863);
  });

  it('stops at the end', async () => {
    const { video, later } = begin();
    video.currentTime = 109.9;
    await later();
    expect(video.paused).toBe(true);
  });

  it('gives back what is far from where it went, and fetches it again when it comes back', async () => {
    const { video, fetched, later } = begin();
    await later();
    video.currentTime = 101;
    await later();
    expect(Source.made.buffer.removed).toContainEqual([0, 10]);
    video.currentTime = 1;
    await later();
    expect(fetched).toEqual([1, 4, 1]);
  });

  it('gives a piece back whose beginning lies before the recording', async () => {
    const { video, fetched, errors, later } = begin(undefined, [{ ...pieces[0]!, startS: -0.6 }, ...pieces.slice(1)]);
    await later();
    video.currentTime = 101;
    await later();
    expect(errors).toEqual([]);
    expect(Source.made.buffer.removed).toContainEqual([0, 10]);
    expect(fetched).toEqual([1, 4]);
  });

  it('tells what it cannot fetch and what it cannot play, once', async () => {
    const refused = begin(async () => {
      throw new Error('away');
    });
    await refused.later();
    await refused.later();
    expect(refused.errors).toHaveLength(1);
    Source.supported = () => false;
    const unknown = begin(undefined, [pieces[0]!]);
    await unknown.later();
    expect(unknown.errors).toEqual([new UnplayableError('avc1.42C01F')]);
    expect(unknown.unplayable).toEqual([]);
  });

  it('goes on behind what it cannot play, where the piece before ends a little short of it', async () => {
    Source.supported = (type) => type.includes('avc1.42');
    const { video, holes, unplayable, later } = begin(async ({ number }) => file(number, number === 2 ? 0x01 : 0x42));
    video.held = [[0, 9.8]];
    [video.currentTime, video.readyState] = [9.79, 2];
    for (let look = 0; look < 8; look++) await later();
    expect(unplayable).toEqual([2]);
    expect(video.currentTime).toBe(35);
    expect(holes).toEqual([[9.79, 35]]);
  });

  it('leaves out what it cannot play, and goes on with what follows', async () => {
    Source.supported = (type) => type.includes('avc1.42');
    const { video, holes, unplayable, errors, fetched, later } = begin(async ({ number }) => file(number, number < 3 ? 0x01 : 0x42));
    await later();
    await later();
    expect(unplayable).toEqual([1, 2]);
    expect(errors).toEqual([]);
    expect(video.currentTime).toBe(35);
    expect(holes.at(-1)?.[1]).toBe(35);
    expect(fetched).toEqual([1, 2, 3]);
  });
});
