/** A time of a recording, seconds from its beginning. */
export interface Span {
  startS: number;
  endS: number;
}

/** One file of a recording that plays alone, and where it lies on the recording's time. */
export interface Piece extends Span {
  number: number;
  bytes: number;
}

/** A time without pictures; it may lie within a piece. */
export interface Hole extends Span {
  reason: string;
}

export const rates = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export type Rate = (typeof rates)[number];

/** The reason of a gap in which there are pictures, although with bytes missing. */
const damaged = 'damaged';
/** Two pieces closer than this follow each other without a hole: the last picture is shown until the next. */
export const seamS = 0.2;
/** Seconds of the clock's time that are fetched ahead; faster play eats them faster. */
const aheadS = 8;
/** Whatever the pieces' lengths, no more bytes than this are held by the browser. */
const mostBytes = 60_000_000;

/** That of these times, in order, in which a moment falls; null where it falls in none. */
export function spanAt<T extends Span>(spans: readonly T[], atS: number): T | null {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle]!;
    if (atS < span.startS) high = middle - 1;
    else if (atS >= span.endS) low = middle + 1;
    else return span;
  }
  return null;
}

/** The times of which there are pictures: what the pieces cover, without the holes. */
export function toShown(pieces: readonly Piece[], holes: readonly Hole[]): Span[] {
  const deep = holes.filter(({ startS, endS, reason }) => reason !== damaged && endS - startS > seamS).toSorted((a, b) => a.startS - b.startS);
  return pieces.flatMap((piece) => {
    const shown: Span[] = [];
    let { startS } = piece;
    for (const hole of deep) {
      if (hole.endS <= startS || hole.startS >= piece.endS) continue;
      if (hole.startS > startS) shown.push({ startS, endS: hole.startS });
      startS = hole.endS;
    }
    if (startS < piece.endS) shown.push({ startS, endS: piece.endS });
    return shown;
  });
}

/** Where the play goes on from a moment of which there are no pictures; null where none follow. */
export function resumeAt(shown: readonly Span[], atS: number): number | null {
  return shown.find(({ endS }) => endS > atS)?.startS ?? null;
}

/** What a player has, seconds, in order. */
type Held = readonly (readonly [startS: number, endS: number])[];

/** A player that has stopped before a seam stands this far before the end of what it has, at most. */
const beforeSeamS = 0.15;
/** How far a player that waits for nothing is moved: less than two pictures. */
const nudgeS = 0.05;

/**
 * Where a player that stands still goes on; null where it has to wait for more.
 * @param fullS Up to there it has all that it can have: what is missing before that will not come.
 * @param longAgo Whether it has stood for longer than decoding may take.
 */
export function onward(held: Held, atS: number, fullS: number, longAgo: boolean): number | null {
  const inMidst = held.some(([startS, endS]) => startS <= atS && endS > atS + beforeSeamS);
  if (inMidst) return longAgo ? atS + nudgeS : null;
  return nextBefore(held, atS, Math.max(fullS, atS + seamS + beforeSeamS));
}

/** Two moments closer than this are the same: a browser cuts where it stands to whole microseconds, and may so stand just before the place it was sent to. */
export const sameS = 0.001;

/**
 * Where the pictures begin that a player waits for in vain, because it was sent to a place without any; null where it has the one of its moment, or has to
 * wait. A time without pictures that can be shown follows every gap: a browser decodes nothing before the next key picture.
 */
export function beginsAt(held: Held, atS: number, fullS: number): number | null {
  if (held.some(([startS, endS]) => startS <= atS + sameS && endS > atS)) return null;
  return nextBefore(held, atS, fullS);
}

function nextBefore(held: Held, atS: number, limitS: number): number | null {
  return held.find(([startS]) => startS > atS && startS <= limitS)?.[0] ?? null;
}

/** The pieces that should be in the buffer, in the order in which they are wanted: the one that is shown, then those that follow. */
export function wanted(pieces: readonly Piece[], atS: number, rate: number): Piece[] {
  const first = pieces.findIndex((piece) => piece.endS > atS);
  if (first < 0) return [];
  const list = [pieces[first]!];
  const until = atS + aheadS * Math.max(1, rate);
  let bytes = list[0]!.bytes;
  for (let index = first + 1; index < pieces.length && pieces[index]!.startS < until; index++) {
    bytes += pieces[index]!.bytes;
    if (bytes > mostBytes) break;
    list.push(pieces[index]!);
  }
  return list;
}

/** The beginning of a recording's time: one that was begun on a running stream has its pictures since the key picture before that, and none may lie before nought. */
export function beginningMs(recording: { from: string; segments: readonly { from: string }[] }): number {
  return Math.min(Date.parse(recording.from), ...recording.segments.map(({ from }) => Date.parse(from)));
}

/** Pieces on the recording's own time: the times come from the wall clock, and a piece never reaches into the next. */
export function toPieces(began: number, segments: readonly { number: number; from: string; to: string; bytes: number }[]): Piece[] {
  const pieces = segments.map(({ number, from, to, bytes }) => ({ number, startS: secondsSince(began, from), endS: secondsSince(began, to), bytes })).sort((a, b) => a.startS - b.startS);
  return pieces.map((piece, index) => {
    const next = pieces[index + 1];
    return next && next.startS - piece.endS < seamS ? { ...piece, endS: next.startS } : piece;
  });
}

export function toHoles(began: number, gaps: readonly { from: string; to: string; reason: string }[]): Hole[] {
  return gaps.map(({ from, to, reason }) => ({ startS: secondsSince(began, from), endS: secondsSince(began, to), reason }));
}

/** To the last digit: a browser knows milliseconds only, and a piece that ends so much too early loses its last picture. */
function secondsSince(began: number, time: string): number {
  const micro = /\.\d{3}(\d{1,3})/.exec(time)?.[1]?.padEnd(3, '0') ?? '0';
  return (Date.parse(time) - began) / 1000 + Number(micro) / 1_000_000;
}

const roundingS = 0.002;
/** A time of a recording begins on a whole millisecond here and on a microsecond in the service: asked for so much later it is the same picture. */
const intoPictureMs = 2;

/** What the service is asked for to get the very picture that was taken then by the page's clock. */
export function momentOf(pictureMs: number): string {
  return new Date(pictureMs + intoPictureMs).toISOString();
}

/**
 * Where a player goes to show a picture, the next one, or the one before.
 * @param atS Where it stands. A camera whose link falters leaves one picture standing for much longer than usual: there it goes on from where it is.
 */
export function stepTo(pictureS: number, lengthS: number, by: 1 | 0 | -1, atS = pictureS): number {
  if (by > 0 && atS >= pictureS + lengthS) return atS + lengthS;
  // Into the middle of that picture: its beginning is a number that is rounded on the way.
  return Math.max(0, pictureS + lengthS * (by + 0.5));
}

/** Whether a picture, by the time of its beginning, is that of a moment and not one before it; the clocks of both are the same but for their last digits. */
export function isOf(pictureS: number | null, lengthS: number, atS: number): boolean {
  return pictureS !== null && pictureS <= atS + roundingS && atS < pictureS + lengthS + roundingS;
}

/** The codec of an MP4 by its decoder configuration, as a media source wants it named; null where there is none that a browser knows. */
export function codecOf(file: Uint8Array): string | null {
  const hex = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();
  const avc = find(file, 'avcC');
  if (avc !== null) return `avc1.${hex(file[avc + 5]!)}${hex(file[avc + 6]!)}${hex(file[avc + 7]!)}`;
  const hevc = find(file, 'hvcC');
  if (hevc === null) return null;
  const at = hevc + 4;
  const space = ['', 'A', 'B', 'C'][file[at + 1]! >> 6]!;
  let compatible = 0;
  for (let bit = 0; bit < 32; bit++) if (file[at + 2 + (bit >> 3)]! & (0x80 >> (bit & 7))) compatible += 2 ** bit;
  const constraints = Array.from(file.subarray(at + 6, at + 12));
  while (constraints.at(-1) === 0) constraints.pop();
  const tier = file[at + 1]! & 0x20 ? 'H' : 'L';
  return ['hvc1', `${space}${file[at + 1]! & 0x1f}`, compatible.toString(16).toUpperCase(), `${tier}${file[at + 12]!}`, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join('.');
}

function find(file: Uint8Array, name: string): number | null {
  const codes = [...name].map((letter) => letter.charCodeAt(0));
  const last = Math.min(file.length - 20, 8192);
  for (let at = 0; at < last; at++) if (codes.every((code, index) => file[at + index] === code)) return at;
  return null;
}

/** The moment of a flight that is nearest to a place, if it was recorded; for a click beside a track. */
export function nearest<T extends { lon: number; lat: number }>(moments: readonly T[], lon: number, lat: number, withinM: number): T | null {
  const scale = Math.cos((lat * Math.PI) / 180);
  let best: T | null = null;
  let least = (withinM / 111_320) ** 2;
  for (const moment of moments) {
    const d = ((moment.lon - lon) * scale) ** 2 + (moment.lat - lat) ** 2;
    if (d <= least) [best, least] = [moment, d];
  }
  return best;
}
