/** What came of an incident or of flights; its count is of cases, cases, missions and people, in this order. */
export const outcomeKinds = ['evidenceCollected', 'arrestSupport', 'disasterRelief', 'personsRescued'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

export interface OutcomeRecord {
  id: string;
  kind: OutcomeKind;
  incidentId: string | null;
  sorties: string[];
  occurredAt: string;
  count: number;
  suspects: number;
  summary: string | null;
  enteredBy: string;
  enteredAt: string;
  state: 'entered' | 'confirmed' | 'rejected' | 'imported';
  saidBy: string;
  decidedBy: string | null;
  decidedAt: string | null;
  why: string | null;
  corrections: { count: number; suspects: number; reason: string; actor: string; at: string }[];
}

/** What outcomes are entered for: an incident, or a sortie that flew for none. */
export interface OutcomeSource {
  incidentId: string | null;
  sortieIds: string[];
  /** When it was, unless somebody says otherwise. */
  at: string;
}

export const outcomeTones = { entered: 'caution', confirmed: 'normal', rejected: 'stale', imported: 'accent' } as const;

/** Whoever said it does not confirm it: the server refuses, and here the button is not there. */
export function mayDecide(record: OutcomeRecord, me: string): boolean {
  return record.state === 'entered' && record.saidBy !== me && record.enteredBy !== me;
}
