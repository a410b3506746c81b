import { describe, expect, it } from 'vitest';
import { mayDecide, type OutcomeRecord } from './outcome';

const record: OutcomeRecord = {
  id: '1', kind: 'personsRescued', incidentId: null, sorties: [], occurredAt: '', count: 1, suspects: 0, summary: null, enteredBy: 'user:lin', enteredAt: '', state: 'entered', saidBy: 'user:chen',
  decidedBy: null, decidedAt: null, why: null, corrections: [],
};

describe('an outcome', () => {
  it('is decided by somebody who neither entered nor corrected it', () => {
    expect(mayDecide(record, 'user:wang')).toBe(true);
    expect(mayDecide(record, 'user:lin')).toBe(false);
    expect(mayDecide(record, 'user:chen')).toBe(false);
  });

  it('is decided once', () => {
    for (const state of ['confirmed', 'rejected', 'imported'] as const) expect(mayDecide({ ...record, state }, 'user:wang')).toBe(false);
  });
});
