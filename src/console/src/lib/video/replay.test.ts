import { describe, expect, it } from 'vitest';
import { beginningMs, beginsAt, codecOf, isOf, momentOf, nearest, onward, resumeAt, spanAt, stepTo, toHoles, toPieces, toShown, wanted } from './replay';

const from = '2026-11-28T05:00:00.000Z';
const at = (second: number): string => new Date(Date.parse(from) + second * 1000).toISOString();
const segment = (number: number, start: number, end: number, bytes = 1_000_000): { number: number; from: string; to: string; bytes: number } => ({ number, from: at(start), to: at(end), bytes });
const pieces = toPieces(Date.parse(from), [segment(1, 0, 9.96), segment(2, 10, 20), segment(3, 35, 45), segment(4, 45.04, 50)]);

describe('the pieces of a recording', () => {
  it('lie on one time, and meet where the pause between them is only that between two pictures', () => {
    expect(pieces.map(({ startS, endS }) => [startS, endS])).toEqual([[0, 10], [10, 20], [35, 45.04], [45.04, 50]]);
    expect(toHoles(Date.parse(from), [{ from: at(20), to: at(35), reason: 'link lost' }])).toEqual([{ startS: 20, endS: 35, reason: 'link lost' }]);
  });

  it('begin at nought even where the first was begun before the recording was ordered', () => {
    const segments = [segment(1, -0.6, 9.4), segment(2, 9.4, 20)];
    const began = beginningMs({ from, segments });
    expect(began).toBe(Date.parse(from) - 600);
    expect(toPieces(began, segments).map(({ startS, endS }) => [startS, endS])).toEqual([[0, 10], [10, 20.6]]);
    expect(beginningMs({ from, segments: [segment(1, 3, 9)] })).toBe(Date.parse(from));
    expect(beginningMs({ from, segments: [] })).toBe(Date.parse(from));
  });

  it('are entered where their pictures begin, if those come a little later than the piece', () => {
    expect(beginsAt([[0.8, 4]], 0, 10)).toBe(0.8);
    expect(beginsAt([[0.8, 4]], 0.8, 10)).toBeNull();
    expect(beginsAt([[0.8, 4], [7.5, 8]], 4, 10)).toBe(7.5);
    expect(beginsAt([[0.8, 4]], 3, 10)).toBeNull();
    expect(beginsAt([[12, 14]], 0, 10)).toBeNull();
    expect(beginsAt([], 0, 10)).toBeNull();
  });

  it('are found by time, and a hole is a hole', () => {
    expect([0, 9.99, 10, 19.9, 20, 34.9, 35, 49, 50, -1].map((second) => spanAt(pieces, second)?.number ?? null)).toEqual([1, 1, 2, 2, null, null, 3, 4, null, null]);
    expect(resumeAt(pieces, 22)).toBe(35);
    expect(resumeAt(pieces, 50)).toBeNull();
    expect(spanAt([], 3)).toBeNull();
  });

  it('are gone through although the browser waits at a seam, or for nothing, and never before they are there', () => {
    const held = [[0.3, 4.3], [4.35, 8.35]] as const;
    expect(onward(held, 4.26, 4.3, false)).toBe(4.35);
    expect(onward(held, 3.9, 4.3, false)).toBeNull();
    expect(onward(held, 3.9, 4.3, true)).toBeCloseTo(3.95);
    expect(onward(held, 8.3, 8.35, true)).toBeNull();
    expect(onward([[0.3, 4.3], [4.7, 8.7]], 4.26, 4.3, true)).toBeNull();
    expect(onward([[0.12, 4.12]], 0, 4.12, false)).toBe(0.12);
    expect(onward([], 0, 4, true)).toBeNull();
  });

  it('are gone through where the browser drops what it cannot decode after a loss, as soon as nothing else can come', () => {
    expect(onward([[0, 4.3], [6, 10]], 4.26, 10, false)).toBe(6);
    expect(onward([[0, 4.3], [6, 10]], 4.26, 5, false)).toBeNull();
    expect(onward([[0, 4.3], [6, 10]], 3.9, 10, true)).toBeCloseTo(3.95);
  });

  it('show what they cover but for the holes, where pictures are missing and not only bytes of them', () => {
    const hole = (startS: number, endS: number, reason = 'sourceSilent'): { startS: number; endS: number; reason: string } => ({ startS, endS, reason });
    const shown = (...holes: ReturnType<typeof hole>[]): number[][] => toShown(pieces, holes).map(({ startS, endS }) => [startS, endS]);
    expect(shown(hole(20, 35))).toEqual([[0, 10], [10, 20], [35, 45.04], [45.04, 50]]);
    expect(shown(hole(16, 18), hole(3, 8))).toEqual([[0, 3], [8, 10], [10, 16], [18, 20], [35, 45.04], [45.04, 50]]);
    expect(shown(hole(8, 12))).toEqual([[0, 8], [12, 20], [35, 45.04], [45.04, 50]]);
    expect(shown(hole(9, 40), hole(46, 60))).toEqual([[0, 9], [40, 45.04], [45.04, 46]]);
    expect(shown(hole(3, 8, 'damaged'), hole(9, 9.1, 'picturesLost'))).toEqual([[0, 10], [10, 20], [35, 45.04], [45.04, 50]]);
  });

  it('begin and end to the last digit that the service gives', () => {
    const [piece] = toPieces(Date.parse('2026-11-28T23:46:24.580Z'), [{ number: 1, from: '2026-11-28T23:46:24.580441Z', to: '2026-11-28T23:46:33.44480Z', bytes: 1 }]);
    expect(piece!.startS).toBeCloseTo(0.000441, 9);
    expect(piece!.endS).toBeCloseTo(8.8648, 9);
  });

  it('are fetched ahead as the speed needs it, over holes, and within bounds', () => {
    expect(wanted(pieces, 1, 1).map(({ number }) => number)).toEqual([1]);
    expect(wanted(pieces, 3, 1).map(({ number }) => number)).toEqual([1, 2]);
    expect(wanted(pieces, 1, 16).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(wanted(pieces, 22, 1).map(({ number }) => number)).toEqual([3]);
    expect(wanted(pieces, 60, 1)).toEqual([]);
    const heavy = toPieces(Date.parse(from), Array.from({ length: 10 }, (_, i) => segment(i, i * 10, i * 10 + 10, 25_000_000)));
    expect(wanted(heavy, 0, 16)).toHaveLength(2);
  });
});

describe('the picture on the screen', () => {
  // The service states microseconds, a page counts whole milliseconds from there.
  const began = Date.parse('2026-05-01T08:00:00.123456Z');
  const picture = (number: number): number => 8 * 3_600_000_000 + 123_456 + (number * 1_000_000) / 30;

  it('is asked for by a moment that lies in it, whatever is cut off on the way', () => {
    for (let number = 0; number < 300; number++) {
      const asked = (Date.parse(momentOf(began + (number / 30) * 1000)) - Date.parse('2026-05-01T00:00:00Z')) * 1000;
      expect(asked).toBeGreaterThanOrEqual(picture(number));
      expect(asked).toBeLessThan(picture(number + 1));
    }
  });

  it('is that of its own moments, not of those before it or behind it', () => {
    expect([0.9999, 1, 1.02, 1.0399].map((at) => isOf(1, 0.04, at))).toEqual([true, true, true, true]);
    expect([0.96, 1.05, 1.06].map((at) => isOf(1, 0.04, at))).toEqual([false, false, false]);
    expect(isOf(null, 0.04, 1)).toBe(false);
  });

  it('has one before it and one behind it', () => {
    const shown = (atS: number): number => Math.floor(atS * 25);
    expect([stepTo(4 / 25, 1 / 25, 1), stepTo(4 / 25, 1 / 25, 0), stepTo(4 / 25, 1 / 25, -1), stepTo(0, 1 / 25, -1)].map(shown)).toEqual([5, 4, 3, 0]);
    // One that stands for a second is got over, however often it takes; within a usual one it makes no difference where the player is.
    expect([stepTo(4 / 25, 1 / 25, 1, 4.9 / 25), stepTo(4 / 25, 1 / 25, 1, 5.5 / 25), stepTo(4 / 25, 1 / 25, 1, 20.5 / 25)].map(shown)).toEqual([5, 6, 21]);
  });
});

describe('the codec of a piece', () => {
  const box = (name: string, bytes: number[]): Uint8Array => new Uint8Array([...Array<number>(40).fill(0), ...[...name].map((letter) => letter.charCodeAt(0)), ...bytes, ...Array<number>(40).fill(0)]);

  it('is named after its configuration', () => {
    expect(codecOf(box('avcC', [1, 0x42, 0xc0, 0x1f, 0xff]))).toBe('avc1.42C01F');
    expect(codecOf(box('hvcC', [1, 0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93]))).toBe('hvc1.1.6.L93.90');
    expect(codecOf(new Uint8Array(100))).toBeNull();
    expect(codecOf(new Uint8Array(3))).toBeNull();
  });
});

describe('a click beside the track', () => {
  const track = [{ lon: 117.65, lat: 24.51, s: 0 }, { lon: 117.651, lat: 24.51, s: 10 }, { lon: 117.652, lat: 24.51, s: 20 }];

  it('means the nearest moment, if it is near', () => {
    expect(nearest(track, 117.6511, 24.5101, 50)?.s).toBe(10);
    expect(nearest(track, 117.66, 24.52, 50)).toBeNull();
    expect(nearest([], 117.65, 24.51, 50)).toBeNull();
  });
});
