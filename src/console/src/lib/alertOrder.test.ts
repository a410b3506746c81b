import { describe, expect, it } from 'vitest';
import { takeAlert } from './alertOrder';
import type { FlightAlert } from './api/types';

const alert = (id: string, severity: FlightAlert['severity'], at: string, change: Partial<FlightAlert> = {}): FlightAlert => ({
  id, severity, at, code: 'linkLost', vehicleId: 'v', text: '', clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, ...change,
});

describe('the open alerts', () => {
  it('stand worst first and newest first within a rank', () => {
    const open = [alert('a', 'advisory', '3'), alert('b', 'warning', '1'), alert('c', 'caution', '2'), alert('d', 'warning', '2')]
      .reduce<FlightAlert[]>((list, next) => takeAlert(list, next), []);
    expect(open.map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
  });

  it('lose one that was acknowledged, wherever that was', () => {
    const open = takeAlert([], alert('a', 'warning', '1'));
    expect(takeAlert(open, alert('a', 'warning', '1', { acknowledgedAt: '2' }))).toEqual([]);
  });

  it('keep one whose condition is over until somebody has seen it', () => {
    const open = takeAlert(takeAlert([], alert('a', 'warning', '1')), alert('a', 'warning', '1', { clearedAt: '2' }));
    expect(open).toHaveLength(1);
    expect(open[0]?.clearedAt).toBe('2');
  });

  it('are bounded', () => {
    let open: FlightAlert[] = [];
    for (let i = 0; i < 500; i++) open = takeAlert(open, alert(String(i), 'advisory', String(i).padStart(4, '0')));
    expect(open).toHaveLength(200);
    expect(open[0]?.id).toBe('499');
  });
});
