import { describe, expect, it } from 'vitest';
import { ringOf } from './ring';

const now = Date.parse('2026-05-01T08:00:00Z');
const call = { priority: 2, state: 'reported', reportedAt: '2026-05-01T07:59:58Z' };

describe('the sound of a call', () => {
  it('is that of a call, and of an urgent one for the most urgent', () => {
    expect(ringOf(false, call, now)).toBe('call');
    expect(ringOf(false, { ...call, priority: 1 }, now)).toBe('urgentCall');
  });

  it('is not heard for what is known already', () => {
    expect(ringOf(true, call, now)).toBeNull();
  });

  it('is not heard for history and for what is closed', () => {
    expect(ringOf(false, { ...call, reportedAt: '2026-04-01T08:00:00Z' }, now)).toBeNull();
    expect(ringOf(false, { ...call, state: 'closed' }, now)).toBeNull();
  });
});
