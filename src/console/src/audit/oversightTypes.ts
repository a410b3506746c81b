import type { Breach, RetentionClass } from '$lib/api/videoTypes';

export type FindingKind = 'noPurpose' | 'noAuthority' | 'noOrder' | 'gap' | 'inFuture' | 'endNotSeen' | 'clocksDiffer' | 'overlap' | 'tooHigh' | 'zoneBreach' | 'cameraBreach' | 'outsideApproval'
  | 'noLicence' | 'licenceExpired' | 'medicalExpired' | 'notCurrent' | 'dutyExceeded';

export type ApprovalLack = 'unknown' | 'time' | 'purpose' | 'area' | 'height';

export interface Finding {
  kind: FindingKind;
  /** Null where a camera was in the air and no sortie is on record. */
  sortieId: string | null;
  vehicleName: string;
  pilot: string | null;
  takeoffAt: string | null;
  at: string | null;
  value: number | null;
  name: string | null;
  camera: { breach: Breach['kind']; duty: 'transit' | 'scene' | 'noRecord'; item: number | null; endedAt: string | null; recordingId: string | null } | null;
  approval: { lack: ApprovalLack; number: string; authority: string | null } | null;
}

export interface Findings {
  sorties: number;
  counts: { kind: FindingKind; findings: number }[];
  items: Finding[];
}

export interface Look {
  entry: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
}

export type Verdict = 'inOrder' | 'remark' | 'objection';

export interface Sample {
  id: string;
  drawnAt: string;
  drawnBy: string;
  checkpoint: string;
  sorties: number;
  sortieIds: string[];
  reviews: { sortieId: string; verdict: Verdict; text: string | null; actor: string }[];
  conclusion: string | null;
  signedBy: string | null;
}

export const retentionStates = ['overdue', 'due', 'held', 'later', 'recording'] as const;
export type RetentionState = (typeof retentionStates)[number];

export interface Outlook {
  recordings: { state: RetentionState; recordings: number; bytes: number }[];
  classes: RetentionClass[];
  stores: { store: string; kept: 'days' | 'class' | 'ever'; days: number | null; action: string | null }[];
}

interface Said {
  at: string;
  by: string;
  reason: string;
}

export interface KeptRecording {
  id: string;
  vehicleId: string;
  streamId: string;
  from: string;
  bytes: number;
  state: RetentionState;
  class: string;
  days: number;
  isClassKnown: boolean;
  overAt: string | null;
  holds: ({ id: string } & Said)[];
  classGiven: Said | null;
  taskLabel: string | null;
}

export interface Deletion {
  entry: number;
  at: string;
  store: string;
  subject: string;
  details: Record<string, unknown>;
}
