import { describe, expect, it } from 'vitest';
import type { Sortie } from '$lib/api/types';
import type { SortieRevision } from '$lib/api/sortieTypes';
import { adjacent, clockField, made, splitAt } from './revision';

const sortie = (id: string, takeoffAt: string, landedAt: string, more: Partial<Sortie> = {}): Sortie =>
  ({ id, vehicleId: '1', state: 'closed', replaced: false, takeoffAt, landedAt, linkGaps: [], ...more }) as unknown as Sortie;

describe('records that may be one flight', () => {
  const mine = sortie('b', '2026-04-01T10:00:00Z', '2026-04-01T10:20:00Z');
  it('are the nearest on both sides, of the same vehicle, within an hour', () => {
    const others = [
      mine, sortie('far', '2026-04-01T08:00:00Z', '2026-04-01T08:30:00Z'), sortie('a', '2026-04-01T09:30:00Z', '2026-04-01T09:58:00Z'),
      sortie('c', '2026-04-01T10:21:00Z', '2026-04-01T10:30:00Z'), sortie('d', '2026-04-01T10:40:00Z', '2026-04-01T10:50:00Z'),
      sortie('e', '2026-04-01T10:20:30Z', '2026-04-01T10:20:50Z', { vehicleId: '2' }), sortie('f', '2026-04-01T10:20:10Z', '2026-04-01T10:20:20Z', { replaced: true }),
    ];
    expect(adjacent(mine, others).map(({ id }) => id)).toEqual(['c', 'a']);
  });
});

describe('the change that made a record', () => {
  const revision = (id: string, kind: SortieRevision['kind'], undoneBy: string | null): SortieRevision =>
    ({ id, kind, undoneBy, made: [{ id: 'x' }], replaced: [] }) as unknown as SortieRevision;
  it('is the one that was not undone', () => {
    expect(made('x', [revision('1', 'merge', '2'), revision('2', 'unmerge', null)])).toBeNull();
    expect(made('x', [revision('1', 'split', null)])).toBe('split');
    expect(made('y', [revision('1', 'split', null)])).toBeNull();
  });
});

describe('where a record is thought to be two', () => {
  it('is its longest gap, else its middle', () => {
    expect(splitAt(sortie('a', '2026-04-01T10:00:00Z', '2026-04-01T11:00:00Z'))).toBe('2026-04-01T10:30:00.000Z');
    const gaps = [{ from: '2026-04-01T10:05:00Z', to: '2026-04-01T10:06:00Z' }, { from: '2026-04-01T10:10:00Z', to: '2026-04-01T10:20:00Z' }];
    expect(splitAt(sortie('a', '2026-04-01T10:00:00Z', '2026-04-01T11:00:00Z', { linkGaps: gaps }))).toBe('2026-04-01T10:15:00.000Z');
    expect(new Date(clockField('2026-04-01T10:00:00.123Z')).toISOString()).toBe('2026-04-01T10:00:00.123Z');
  });
});
