/**
 * Where the name of an area goes: on its upper edge, half way across. A name in the middle lies on the very places the
 * area is about. Rings are lists of points in any plane with y upwards; null for a ring without extent.
 */
export function upperEdge(ring: readonly (readonly number[])[]): [number, number] | null {
  const xs = ring.map((point) => point[0]!);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  let top = -Infinity;
  for (const [index, from] of ring.entries()) {
    const to = ring[(index + 1) % ring.length]!;
    const [x1, x2] = [from[0]!, to[0]!];
    if (x1 === x2 || middle < Math.min(x1, x2) || middle > Math.max(x1, x2)) continue;
    top = Math.max(top, from[1]! + ((middle - x1) / (x2 - x1)) * (to[1]! - from[1]!));
  }
  return Number.isFinite(top) ? [middle, top] : null;
}
