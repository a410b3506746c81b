import type { Sortie } from '$lib/api/types';
import { clockField } from './revision';

/** What a person puts right in a record here, the commonest first. */
export const correctable = ['unit', 'purpose', 'authorisedBy', 'batterySerial', 'pilot', 'takeoffAt', 'landedAt'] as const;
export type Correctable = (typeof correctable)[number];

/** The fields that may be put right now: what the flight still owes is entered, not corrected, a flight that lasts has no times to correct,
 * and of one whose end nobody saw the landing is entered before its take-off is put right. */
export function fieldsOf({ debt, landedAt, givenUpAt }: Pick<Sortie, 'debt' | 'landedAt' | 'givenUpAt'>): Correctable[] {
  const isOwed = debt !== null && debt.state !== 'settled';
  const isOver = { takeoffAt: landedAt !== null && givenUpAt === null, landedAt: (landedAt ?? givenUpAt) !== null };
  return correctable.filter((field) => (isTime(field) ? isOver[field] : !isOwed || (field !== 'purpose' && field !== 'authorisedBy')));
}

export function isTime(field: Correctable): field is 'takeoffAt' | 'landedAt' {
  return field === 'takeoffAt' || field === 'landedAt';
}

/** What stands in a field, as the form shows it: a time on the reader's clock, in milliseconds. */
export function toForm(field: Correctable, value: string | null): string {
  return value !== null && isTime(field) ? clockField(value) : (value ?? '');
}

/** What was filled in, as the record holds it; null for nothing. */
export function toRecord(field: Correctable, filled: string): string | null {
  const text = filled.trim();
  return text && isTime(field) ? new Date(text).toISOString() : text || null;
}
