import { describe, expect, it } from 'vitest';
import type { SortieDebt } from '$lib/api/sortieTypes';
import { fieldsOf } from './correction';

describe('what may be corrected', () => {
  const debt = (state: SortieDebt['state']): { debt: SortieDebt } => ({ debt: { state } as SortieDebt });

  it('leaves out what the flight still owes, which is entered and not corrected', () => {
    expect(fieldsOf({ debt: null })).toEqual(['unit', 'purpose', 'authorisedBy', 'batterySerial']);
    expect(fieldsOf(debt('settled'))).toContain('purpose');
    for (const state of ['open', 'overdue'] as const) expect(fieldsOf(debt(state))).toEqual(['unit', 'batterySerial']);
  });
});
