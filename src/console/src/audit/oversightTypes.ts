import type { Breach } from '$lib/api/videoTypes';

export type FindingKind = 'noPurpose' | 'noAuthority' | 'noOrder' | 'gap' | 'inFuture' | 'endNotSeen' | 'clocksDiffer' | 'overlap' | 'tooHigh' | 'zoneBreach' | 'cameraBreach'
  | 'noLicence' | 'licenceExpired' | 'medicalExpired' | 'notCurrent' | 'dutyExceeded';

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
