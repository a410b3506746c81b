import type { LonLat } from '$lib/geo/measure';

/** The corners of a shape being drawn, with every earlier state: what was done by accident can always be undone. Immutable. */
export interface Outline {
  readonly corners: readonly LonLat[];
  readonly past: readonly (readonly LonLat[])[];
  readonly future: readonly (readonly LonLat[])[];
}

const keptStates = 100;

export const emptyOutline: Outline = { corners: [], past: [], future: [] };

export function change(outline: Outline, corners: readonly LonLat[]): Outline {
  if (same(outline.corners, corners)) return outline;
  return { corners, past: [...outline.past, outline.corners].slice(-keptStates), future: [] };
}

export function undo(outline: Outline): Outline {
  const before = outline.past.at(-1);
  return before ? { corners: before, past: outline.past.slice(0, -1), future: [outline.corners, ...outline.future] } : outline;
}

export function redo(outline: Outline): Outline {
  const [after, ...rest] = outline.future;
  return after ? { corners: after, past: [...outline.past, outline.corners], future: rest } : outline;
}

export function setCorner(outline: Outline, index: number, corner: LonLat): Outline {
  return change(outline, outline.corners.map((old, i) => (i === index ? corner : old)));
}

export function addCorner(outline: Outline, corner: LonLat): Outline {
  return change(outline, [...outline.corners, corner]);
}

export function removeCorner(outline: Outline, index: number): Outline {
  return change(outline, outline.corners.filter((_, i) => i !== index));
}

/** Moves a corner earlier (-1) or later (+1) in the order. */
export function moveCorner(outline: Outline, index: number, by: -1 | 1): Outline {
  const to = index + by;
  const corners = [...outline.corners];
  const [moved, other] = [corners[index], corners[to]];
  if (!moved || !other) return outline;
  corners[index] = other;
  corners[to] = moved;
  return change(outline, corners);
}

/** Whether a closed ring crosses itself; touching at a shared corner is no crossing. */
export function crossesItself(ring: readonly LonLat[]): boolean {
  const n = ring.length;
  if (n < 4) return false;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const neighbours = j === i + 1 || (i === 0 && j === n - 1);
      if (!neighbours && segmentsCross(ring[i]!, ring[(i + 1) % n]!, ring[j]!, ring[(j + 1) % n]!)) return true;
    }
  }
  return false;
}

function segmentsCross(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a: LonLat, b: LonLat, p: LonLat): number {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}

function same(a: readonly LonLat[], b: readonly LonLat[]): boolean {
  return a.length === b.length && a.every((corner, i) => corner[0] === b[i]![0] && corner[1] === b[i]![1]);
}
