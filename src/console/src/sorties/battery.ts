import type { Sortie } from '$lib/api/types';

/** What the flight took of the battery, in percent of it; null where either end was not told. */
export function batteryUsed(sortie: Sortie): number | null {
  const { batteryStartPercent: start, batteryEndPercent: end } = sortie;
  return start === null || end === null ? null : Math.max(0, start - end);
}
