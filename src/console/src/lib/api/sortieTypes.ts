import type { ImportedFile } from './intakeTypes';
export interface Purpose {
  id: string;
  nameZh: string;
  nameEn: string;
}

/** One take-off to one landing. Two clocks stand side by side: airborne (take-off to landing) and armed (motors running). */
export interface Sortie {
  id: string;
  vehicleId: string;
  vehicleName: string;
  pilot: string | null;
  purpose: string | null;
  taskKind: 'patrol' | 'incident' | 'manual' | null;
  taskId: string | null;
  taskLabel: string | null;
  state: 'flying' | 'landed' | 'closed';
  armedAt: string | null;
  takeoffAt: string;
  landedAt: string | null;
  disarmedAt: string | null;
  airborneS: number;
  /** How far the clock may be off; null where that is not bounded. */
  airborneWithinS: number | null;
  armedS: number;
  armedWithinS: number | null;
  takeoffSource: ClockSource;
  landingSource: ClockSource | null;
  distanceM: number;
  maxAltitudeAboveHomeM: number | null;
  maxSpeedMps: number;
  batteryStartPercent: number | null;
  batteryEndPercent: number | null;
  hop: boolean;
  modes: { mode: string }[];
  linkGaps: { from: string; to: string | null }[];
  failsafes: string[];
  /** The fields that people have corrected. */
  corrected: string[];
  batterySerial: string | null;
  batteryCycles?: number | null;
  batteryHealthPercent?: number | null;
  /** The police unit that the vehicle belonged to when it took off. */
  unit?: string | null;
  authorisedBy: string | null;
  /** Its parts, each flown for one purpose; their seconds sum to the sortie's. */
  spans: PurposeSpan[];
  debt: SortieDebt | null;
  /** Where it is from, where this service did not record it. */
  imported: SortieOrigin | null;
  /** Another record stands in its place: it is in no list and no sum. */
  replaced: boolean;
  /** Closed because nothing was heard any more; null where its end was seen or said. */
  givenUpAt: string | null;
  /** How it passed the place that was searched for. */
  pass?: SortiePass | null;
}

export interface SortiePass {
  at: string;
  distanceM: number;
  altitudeAboveHomeM: number;
}

/** The file that a sortie was taken from. */
export interface SortieOrigin {
  file: string;
  sha256: string;
  format: 'csv' | 'gpx' | 'tlog';
  /** Its line, its track or its flight in it. */
  row: number | null;
  by: string;
  at: string;
}

/** Something about one field of a flight in a file. */
export interface ImportRemark {
  field: string;
  why: string;
}

interface FlightTotals {
  sorties: number;
  airborneSeconds: number;
  armedSeconds: number;
}

/** What was understood of a file of flights, and what became of each. */
export interface FlightImportReport extends ImportedFile {
  file: string;
  format: 'csv' | 'gpx' | 'tlog';
  sha256: string;
  encoding: string | null;
  separator: string | null;
  columns: { heading: string; understoodAs: string | null }[];
  remarks: ImportRemark[];
  items: { row: number; number: string | null; vehicle: string | null; takeoffAt: string | null; result: 'taken' | 'known' | 'refused'; sortieId: string | null; remarks: ImportRemark[] }[];
  itemsLeftOff: number;
  before: FlightTotals;
  after: FlightTotals;
}

export interface SavedSearch {
  name: string;
  query: string;
}

/** How a moment was detected. */
export type ClockSource = 'landedState' | 'flightInformation' | 'inferred' | 'firstSeen' | 'lastKnown' | 'imported' | 'entered';

export interface PurposeSpan {
  from: string;
  to: string | null;
  purpose: string | null;
  authorisedBy: string | null;
  taskKind: 'patrol' | 'incident' | 'manual' | null;
  taskId: string | null;
  taskLabel: string | null;
  airborneS: number;
  armedS: number;
}

export type DebtState = 'open' | 'overdue' | 'settled';

/** The purpose and authorisation that a flight owes, or owed. */
export interface SortieDebt {
  state: DebtState;
  cause: 'emergency' | 'elsewhere';
  /** Who answers for it; null where nobody is known to have launched it. */
  person: string | null;
  dueAt: string | null;
  overdueAt: string | null;
  settledAt: string | null;
  settledBy: string | null;
  reason: string | null;
}

/** The same in the list of what is owed. */
export interface Debt extends SortieDebt {
  sortieId: string;
  vehicleId: string;
  vehicleName: string;
  takeoffAt: string;
  landedAt: string | null;
  purpose: string | null;
  authorisedBy: string | null;
}

export interface DebtsOfPerson {
  name: string | null;
  open: number;
  overdue: number;
  settled: number;
  everOverdue: number;
}

export interface SortieCorrection {
  field: string;
  oldValue: string | null;
  newValue: string | null;
  reason: string;
  actor: string;
  at: string;
}

export interface SortieDetails {
  sortie: Sortie;
  corrections: SortieCorrection[];
  revisions: SortieRevision[];
}

/** A record as it stood when it was put together or taken apart. */
export interface RevisionPart {
  id: string;
  takeoffAt: string;
  landedAt: string | null;
  airborneS: number;
  armedS: number;
}

/** A person put records of flights together or took one apart. */
export interface SortieRevision {
  id: string;
  kind: 'merge' | 'split' | 'unmerge' | 'unsplit';
  at: string;
  by: string;
  reason: string;
  splitAt: string | null;
  undoes: string | null;
  undoneBy: string | null;
  /** The number of its entry in the audit log. */
  auditEntry: number;
  replaced: RevisionPart[];
  made: RevisionPart[];
}

export interface RevisedSorties {
  revision: SortieRevision;
  sorties: Sortie[];
}

export interface FlightHours {
  key: string | null;
  /** The key for people: a vehicle's name. */
  label: string | null;
  sorties: number;
  airborneSeconds: number;
  armedSeconds: number;
}
