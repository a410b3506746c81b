export type FindingKind = 'noPurpose' | 'noAuthority' | 'noOrder' | 'gap' | 'inFuture' | 'endNotSeen' | 'clocksDiffer' | 'overlap' | 'tooHigh' | 'zoneBreach'
  | 'noLicence' | 'licenceExpired' | 'medicalExpired' | 'notCurrent' | 'dutyExceeded';

export interface Findings {
  sorties: number;
  counts: { kind: FindingKind; findings: number }[];
  items: { kind: FindingKind; sortieId: string; vehicleName: string; pilot: string | null; takeoffAt: string; at: string | null; value: number | null; name: string | null }[];
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
