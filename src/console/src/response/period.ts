import { dimensions, type Dimension } from './types';

/*
 * What the report is narrowed to, as it stands in the address bar. Days are the city's, wherever the reader sits: a
 * report that is sent to a colleague shows the colleague the same numbers.
 */

export const presets = [7, 30, 90] as const;

export interface Period {
  /** Whole days, the last included; null where from and to are given. */
  days: number | null;
  /** yyyy-MM-dd in the city, both included. */
  from: string;
  to: string;
}

const cityAhead = 8 * 3_600_000;
const dayMs = 86_400_000;

export const cityDay = (at: number): string => new Date(at + cityAhead).toISOString().slice(0, 10);

/** A city day as a number that grows by one from day to day: days since 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;

/** The days of a period, for what is counted by day: a day of which nothing is told is a day on which nothing happened. */
export function eachDay<Row>(period: Period, rows: readonly Row[], dayOf: (row: Row) => string | null): { day: number; row: Row | null }[] {
  const told = new Map(rows.map((row) => [dayOf(row), row]));
  const [first, last] = [dayNumber(period.from), dayNumber(period.to)];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = first + index;
    return { day, row: told.get(new Date(day * dayMs).toISOString().slice(0, 10)) ?? null };
  });
}

export function readPeriod(query: URLSearchParams, now: number): Period {
  const [from, to] = [readDay(query.get('from')), readDay(query.get('to'))];
  if (from && to && from <= to) return { days: null, from, to };
  const days = presets.find((preset) => String(preset) === query.get('days')) ?? 30;
  return { days, from: cityDay(now - (days - 1) * dayMs), to: cityDay(now) };
}

/** The query for the server: from the first day's midnight to the one after the last day. */
export function toQuery(query: URLSearchParams, now: number): Record<string, string | null> {
  const period = readPeriod(query, now);
  return {
    from: `${period.from}T00:00:00+08:00`,
    to: `${cityDay(Date.parse(`${period.to}T00:00:00+08:00`) + dayMs)}T00:00:00+08:00`,
    ...Object.fromEntries(dimensions.map((by) => [by, query.get(by)])),
  };
}

/** The query of the page with one group chosen, or no group of that kind. */
export function withGroup(query: URLSearchParams, by: Dimension, key: string | null): URLSearchParams {
  const next = new URLSearchParams(query);
  if (key === null) next.delete(by);
  else next.set(by, key);
  return next;
}

function readDay(text: string | null): string | null {
  return text && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? text : null;
}
