import { describe, expect, it } from 'vitest';
import { dayNumber, eachDay, readPeriod, toQuery, withGroup } from './period';

// A quarter to midnight in the city.
const now = Date.parse('2026-05-01T15:45:00Z');

describe('the period of the report', () => {
  it('is thirty days of the city, today included, when nothing is chosen', () => {
    expect(readPeriod(new URLSearchParams(), now)).toEqual({ days: 30, from: '2026-04-02', to: '2026-05-01' });
  });

  it('begins the next day at the city’s midnight, not the reader’s', () => {
    expect(readPeriod(new URLSearchParams('days=7'), now + 15 * 60_000)).toEqual({ days: 7, from: '2026-04-26', to: '2026-05-02' });
  });

  it('counts the last day whole and keeps what else is chosen', () => {
    expect(toQuery(new URLSearchParams('from=2026-04-30&to=2026-04-30&type=theft&hour=7'), now)).toEqual({
      from: '2026-04-30T00:00:00+08:00', to: '2026-05-01T00:00:00+08:00', type: 'theft', priority: null, hour: '7', gridId: null, keySiteId: null,
    });
  });

  it('falls back where the days make no sense', () => {
    expect(readPeriod(new URLSearchParams('from=2026-05-02&to=2026-05-01'), now).days).toBe(30);
    expect(readPeriod(new URLSearchParams('from=2026-13-01&to=2026-13-02'), now).days).toBe(30);
  });

  it('has all its days, those too of which nothing is told', () => {
    const period = { days: null, from: '2026-02-27', to: '2026-03-01' };
    const rows = [{ day: '2026-03-01', sorties: 2 }, { day: '2026-02-27', sorties: 1 }, { day: null, sorties: 9 }];
    expect(eachDay(period, rows, (row) => row.day).map(({ day, row }) => [day - dayNumber('2026-02-27'), row?.sorties])).toEqual([[0, 1], [1, undefined], [2, 2]]);
    expect(dayNumber('1970-01-02')).toBe(1);
  });

  it('chooses a group and takes it away again', () => {
    const chosen = withGroup(new URLSearchParams('days=7'), 'type', 'theft');
    expect(chosen.toString()).toBe('days=7&type=theft');
    expect(withGroup(chosen, 'type', null).toString()).toBe('days=7');
  });
});
