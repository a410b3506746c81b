import { describe, expect, it } from 'vitest';
import { counted, interval } from './airframe';

describe('the counters of maintenance', () => {
  it('never show a day that is not over, and hours to a tenth', () => {
    expect(counted('days', 29.99)).toBe('29');
    expect(counted('hours', 49.96)).toBe('50.0');
    expect(counted('landings', 3)).toBe('3');
  });

  it('take an empty field for no limit and a zero for what it is', () => {
    expect(interval(' ')).toBeNull();
    expect(interval('0')).toBe(0);
    expect(interval('12.5')).toBe(12.5);
  });
});
