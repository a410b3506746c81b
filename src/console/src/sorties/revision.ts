import type { Sortie } from '$lib/api/types';
import type { SortieRevision } from '$lib/api/sortieTypes';

/** Two records further apart than this are not one flight. */
const longestPauseMs = 3_600_000;

/** The records next to this one of the same vehicle that may be one flight with it, the nearest first. */
export function adjacent(sortie: Sortie, others: Sortie[]): Sortie[] {
  const [takeoff, landed] = [Date.parse(sortie.takeoffAt), Date.parse(sortie.landedAt ?? sortie.takeoffAt)];
  const near = others.filter((other) => other.id !== sortie.id && other.vehicleId === sortie.vehicleId && other.state === 'closed' && other.landedAt !== null && !other.replaced);
  const before = near.filter((other) => Date.parse(other.landedAt!) <= takeoff).sort((a, b) => Date.parse(b.landedAt!) - Date.parse(a.landedAt!))[0];
  const after = near.filter((other) => Date.parse(other.takeoffAt) >= landed).sort((a, b) => Date.parse(a.takeoffAt) - Date.parse(b.takeoffAt))[0];
  const pause = (other: Sortie): number => Math.max(takeoff - Date.parse(other.landedAt!), Date.parse(other.takeoffAt) - landed);
  return [before, after].filter((other) => other !== undefined).filter((other) => pause(other) <= longestPauseMs).sort((a, b) => pause(a) - pause(b));
}

/** Whether a merge or a split made a record, and was not undone. */
export function made(id: string, revisions: SortieRevision[]): 'merge' | 'split' | null {
  const kinds = ['merge', 'split'] as const;
  return kinds.find((kind) => revisions.some((revision) => revision.kind === kind && revision.undoneBy === null && revision.made.some((part) => part.id === id))) ?? null;
}

/** Where a record is first thought to be two flights: in its longest gap, else in the middle. */
export function splitAt(sortie: Sortie): string {
  const end = sortie.landedAt ?? sortie.takeoffAt;
  const spans = sortie.linkGaps.map((gap) => [Date.parse(gap.from), Date.parse(gap.to ?? end)] as const).sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  const [from, to] = spans[0] ?? [Date.parse(sortie.takeoffAt), Date.parse(end)];
  return new Date((from + to) / 2).toISOString();
}

/** The value of a datetime-local field with milliseconds, in the reader's zone. */
export function clockField(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 23);
}
