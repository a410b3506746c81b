import type { Sortie } from '$lib/api/types';

/** What a person puts right in a record here, the commonest first. */
export const correctable = ['unit', 'purpose', 'authorisedBy', 'batterySerial'] as const;
export type Correctable = (typeof correctable)[number];

/** The fields that may be put right now: what the flight still owes is entered, not corrected. */
export function fieldsOf(sortie: Pick<Sortie, 'debt'>): Correctable[] {
  const isOwed = sortie.debt !== null && sortie.debt.state !== 'settled';
  return correctable.filter((field) => !isOwed || (field !== 'purpose' && field !== 'authorisedBy'));
}
