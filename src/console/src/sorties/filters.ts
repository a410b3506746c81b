/** What the sortie list is narrowed to, as it stands in the address bar. */
export interface SortieFilter {
  period: 'today' | 'week' | 'month' | 'all' | null;
  from: string | null;
  to: string | null;
  vehicleId: string | null;
  purpose: string | null;
}

const periods = ['today', 'week', 'month', 'all'] as const;

export function readFilter(query: URLSearchParams): SortieFilter {
  const [from, to] = [query.get('from'), query.get('to')];
  const named = periods.find((period) => period === query.get('period')) ?? null;
  return { period: from || to ? null : (named ?? 'week'), from, to, vehicleId: query.get('vehicleId'), purpose: query.get('purpose') };
}

/** The query for the server: local days become instants, and the last day is counted whole. */
export function toQuery(filter: SortieFilter, now: Date): Record<string, string | null> {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const daysBack = filter.period === 'today' ? 0 : filter.period === 'week' ? 6 : filter.period === 'month' ? 29 : null;
  const from = filter.from ? startOf(filter.from) : daysBack === null ? null : addDays(midnight, -daysBack);
  const to = filter.to ? addDays(startOf(filter.to), 1) : null;
  return { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null, vehicleId: filter.vehicleId, purpose: filter.purpose };
}

function startOf(day: string): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date);
}

function addDays(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}
