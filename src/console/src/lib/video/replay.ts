/** One file of a recording that plays alone, and where it lies on the recording's time. */
export interface Piece {
  number: number;
  /** Seconds from the recording's beginning. */
  startS: number;
  endS: number;
  bytes: number;
}

export interface Hole {
  startS: number;
  endS: number;
  reason: string;
}

export const rates = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export type Rate = (typeof rates)[number];

/** Two pieces closer than this follow each other without a hole: the last picture is shown until the next. */
export const seamS = 0.2;
/** Seconds of the clock's time that are fetched ahead; faster play eats them faster. */
const aheadS = 8;
/** Whatever the pieces' lengths, no more bytes than this are held by the browser. */
const mostBytes = 60_000_000;

/** The piece that is shown at a moment; null in a hole and outside. */
export function pieceAt(pieces: readonly Piece[], atS: number): Piece | null {
  let [low, high] = [0, pieces.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle]!;
    if (atS < piece.startS) high = middle - 1;
    else if (atS >= piece.endS) low = middle + 1;
    else return piece;
  }
  return null;
}

/** Where the play goes on from a moment that no piece covers; null where nothing follows. */
export function resumeAt(pieces: readonly Piece[], atS: number): number | null {
  return pieces.find((piece) => piece.endS > atS)?.startS ?? null;
}

/** What a player has, seconds, in order. */
type Held = readonly (readonly [startS: number, endS: number])[];

/** A player that has stopped before a seam stands this far before the end of what it has, at most. */
const beforeSeamS = 0.15;
/** How far a player that waits for nothing is moved: less than two pictures. */
const nudgeS = 0.05;

/**
 * Where a player that stands still goes on; null where it has to wait for more.
 * @param longAgo Whether it has stood for longer than decoding may take.
 */
export function onward(held: Held, atS: number, longAgo: boolean): number | null {
  const next = nextWithin(held, atS, seamS + beforeSeamS);
  if (next !== null) return next;
  return longAgo && held.some(([startS, endS]) => startS <= atS && endS > atS + beforeSeamS) ? atS + nudgeS : null;
}

/** What a piece has begins no later than this after the piece itself. */
const lateS = 1;
const sameS = 0.001;

/** Where the pictures begin that a player waits for in vain, because it was sent to just before them; null where it has the one of its moment, or has to wait. */
export function beginsAt(held: Held, atS: number): number | null {
  if (held.some(([startS, endS]) => startS <= atS + sameS && endS > atS)) return null;
  return nextWithin(held, atS, lateS);
}

function nextWithin(held: Held, atS: number, withinS: number): number | null {
  return held.find(([startS]) => startS > atS && startS - atS <= withinS)?.[0] ?? null;
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
  const pieces = segments.map((segment) => ({
    number: segment.number, startS: (Date.parse(segment.from) - began) / 1000, endS: (Date.parse(segment.to) - began) / 1000, bytes: segment.bytes,
  })).sort((a, b) => a.startS - b.startS);
  return pieces.map((piece, index) => {
    const next = pieces[index + 1];
    return next && next.startS - piece.endS < seamS ? { ...piece, endS: next.startS } : piece;
  });
}

export function toHoles(began: number, gaps: readonly { from: string; to: string; reason: string }[]): Hole[] {
  return gaps.map((gap) => ({ startS: (Date.parse(gap.from) - began) / 1000, endS: (Date.parse(gap.to) - began) / 1000, reason: gap.reason }));
}

const roundingS = 0.002;
/** A time of a recording begins on a whole millisecond here and on a microsecond in the service: asked for so much later it is the same picture. */
const intoPictureMs = 2;

/** What the service is asked for to get the very picture that was taken then by the page's clock. */
export function momentOf(pictureMs: number): string {
  return new Date(pictureMs + intoPictureMs).toISOString();
}

/** Where a player goes to show the next picture, or the one before. */
export function stepTo(pictureS: number, lengthS: number, by: 1 | -1): number {
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
