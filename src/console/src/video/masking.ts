/** A rectangle that is painted over: shares of the picture, and seconds of the clip. */
export interface Region { x: number; y: number; width: number; height: number; fromS: number; toS: number }

type Box = Pick<Region, 'x' | 'y' | 'width' | 'height'>;
interface Point { x: number; y: number }

const least = 0.02;
/** In the picture, and to a thousandth of it: a pixel of 720p. */
const inPicture = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;

/** Tenths, rounded up where a region ends so that its last picture is covered. */
export const seconds = (value: number): number => Math.ceil(value * 10) / 10;

/** Tenths, rounded down where a region begins: no picture before it may show what it covers. */
export const secondsBefore = (value: number): number => Math.floor(value * 10) / 10;

/** The rectangle between two corners, whichever they are, cut off at the picture's edges. */
export function between(a: Point, b: Point): Box {
  const [left, right] = [inPicture(Math.min(a.x, b.x)), inPicture(Math.max(a.x, b.x))];
  const [top, bottom] = [inPicture(Math.min(a.y, b.y)), inPicture(Math.max(a.y, b.y))];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Moved by shares of the picture, and kept in it. */
export const moved = (box: Box, dx: number, dy: number): Partial<Box> => ({
  x: Math.min(1 - box.width, Math.max(0, box.x + dx)),
  y: Math.min(1 - box.height, Math.max(0, box.y + dy)),
});

/** Made wider and higher by shares of the picture; it neither leaves the picture nor vanishes. */
export const resized = (box: Box, dx: number, dy: number): Partial<Box> => ({
  width: Math.min(1 - box.x, Math.max(least, box.width + dx)),
  height: Math.min(1 - box.y, Math.max(least, box.height + dy)),
});

/** What a region that is added by keyboard begins as: in the middle, large enough to be seen. */
export const middle = (): Box => ({ x: 0.4, y: 0.4, width: 0.2, height: 0.2 });
