import { describe, expect, it } from 'vitest';
import type { SortieDebt } from '$lib/api/sortieTypes';
import { correctable, fieldsOf, toForm, toRecord } from './correction';

describe('what may be corrected', () => {
  const over = { debt: null, landedAt: '2026-11-28T05:10:00.123456Z', givenUpAt: null };
  const debt = (state: SortieDebt['state']): SortieDebt => ({ state }) as SortieDebt;

  it('leaves out what the flight still owes, which is entered and not corrected', () => {
    expect(fieldsOf(over)).toEqual(correctable);
    expect(fieldsOf({ ...over, debt: debt('settled') })).toContain('purpose');
    for (const state of ['open', 'overdue'] as const) expect(fieldsOf({ ...over, debt: debt(state) })).toEqual(['unit', 'batterySerial', 'pilot', 'takeoffAt', 'landedAt']);
  });

  it('leaves out the times of a flight that lasts', () => {
    expect(fieldsOf({ ...over, landedAt: null })).toEqual(['unit', 'purpose', 'authorisedBy', 'batterySerial', 'pilot']);
  });

  it('asks for the landing of a flight whose end nobody saw before its take-off', () => {
    for (const landedAt of [null, over.landedAt]) expect(fieldsOf({ ...over, landedAt, givenUpAt: '2026-11-28T06:00:00Z' })).toEqual(correctable.filter((field) => field !== 'takeoffAt'));
  });

  it('is filled in on the reader\'s clock and sent as a moment', () => {
    const shown = toForm('landedAt', over.landedAt);
    expect(shown).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.123$/);
    expect(toRecord('landedAt', shown)).toBe('2026-11-28T05:10:00.123Z');
    expect([toForm('unit', null), toForm('landedAt', null), toForm('pilot', 'user:pilot')]).toEqual(['', '', 'user:pilot']);
    expect([toRecord('unit', '  '), toRecord('landedAt', ''), toRecord('unit', ' 巡特警 ')]).toEqual([null, null, '巡特警']);
  });
});
