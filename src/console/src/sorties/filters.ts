/** What the sortie list is narrowed to, as it stands in the address bar. */
export interface SortieFilter {
  period: 'today' | 'week' | 'month' | 'all' | null;
  from: string | null;
  to: string | null;
  vehicleId: string | null;
  purpose: string | null;
  pilot: string | null;
  incident: string | null;
  /** Words of names, purposes, tasks and reasons. */
  q: string | null;
  /** The place that was passed, as lon,lat, what it is called, and how far around it. */
  near: string | null;
  place: string | null;
  withinM: number;
  minHeightM: string | null;
  maxHeightM: string | null;
  minMinutes: string | null;
  /** recorded here, or imported from a file. */
  origin: 'recorded' | 'imported' | null;
}

/** How far around a place, metres. */
export const radii = [50, 100, 200, 500, 1000, 2000] as const;
const usualRadius = 200;

/** The parameters that a saved search keeps. */
const kept = ['period', 'from', 'to', 'vehicleId', 'purpose', 'pilot', 'incident', 'q', 'near', 'place', 'within', 'minHeight', 'maxHeight', 'minMinutes', 'origin'] as const;

const origins = ['recorded', 'imported'] as const;
const periods = ['today', 'week', 'month', 'all'] as const;

export function readFilter(query: URLSearchParams): SortieFilter {
  const [from, to] = [query.get('from'), query.get('to')];
  const named = periods.find((period) => period === query.get('period')) ?? null;
  return {
    period: from || to ? null : (named ?? 'week'), from, to, vehicleId: query.get('vehicleId'), purpose: query.get('purpose'), pilot: query.get('pilot'), incident: query.get('incident'),
    q: query.get('q'), near: query.get('near'), place: query.get('place'), withinM: Number(query.get('within')) || usualRadius,
    minHeightM: query.get('minHeight'), maxHeightM: query.get('maxHeight'), minMinutes: query.get('minMinutes'),
    origin: origins.find((origin) => origin === query.get('origin')) ?? null,
  };
}

/** What of the address is a search, to be saved and opened again. */
export function searchOf(query: URLSearchParams): string {
  return new URLSearchParams(kept.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : []))).toString();
}

/** Whether it is narrowed by more than the filters that are always in sight. */
export function isNarrowed(filter: SortieFilter): boolean {
  return [filter.pilot, filter.incident, filter.q, filter.near, filter.minHeightM, filter.maxHeightM, filter.minMinutes, filter.origin].some((value) => value !== null);
}

/** The query for the server: local days become instants, and the last day is counted whole. */
export function toQuery(filter: SortieFilter, now: Date): Record<string, string | null> {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const daysBack = filter.period === 'today' ? 0 : filter.period === 'week' ? 6 : filter.period === 'month' ? 29 : null;
  const from = filter.from ? startOf(filter.from) : daysBack === null ? null : addDays(midnight, -daysBack);
  const to = filter.to ? addDays(startOf(filter.to), 1) : null;
  return {
    from: from?.toISOString() ?? null, to: to?.toISOString() ?? null, vehicleId: filter.vehicleId, purpose: filter.purpose, pilot: filter.pilot, incident: filter.incident, q: filter.q,
    near: filter.near, withinM: filter.near ? String(filter.withinM) : null, minHeightM: filter.minHeightM, maxHeightM: filter.maxHeightM,
    minSeconds: filter.minMinutes ? String(Number(filter.minMinutes) * 60) : null, origin: filter.origin,
  };
}

function startOf(day: string): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date);
}

function addDays(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}
