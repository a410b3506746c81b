/* How incidents come in: what is noticed about a report, and what became of an import. */

import type { PointGeometry } from './types';

/** What is doubtful about an incident; it never holds one back. */
export interface IncidentWarning {
  code: 'unknown-type' | 'already-reported' | 'merged' | 'shifted-place' | 'no-fly-zone' | 'drone-not-rerouted' | string;
  detail: string;
  place: PointGeometry | null;
}

export interface PossibleDuplicate {
  id: string;
  number: string | null;
  type: string;
  address: string | null;
  distanceM: number;
  ageS: number;
  why: string;
}

/** What is noticed about a report before it is made. */
export interface Noticed {
  /** Why it would be refused. */
  faults: { pointer: string; detail: string }[];
  type: string | null;
  location: PointGeometry | null;
  warnings: IncidentWarning[];
  possibleDuplicates: PossibleDuplicate[];
}

export interface IncidentType {
  code: string;
  nameZh: string;
  nameEn: string;
}

/** What became of a file that was imported, or would. */
export interface ImportedFile {
  isDryRun: boolean;
  taken: number;
  known: number;
  refused: number;
}

export interface ImportReport extends ImportedFile {
  encoding: string;
  separator: string;
  columns: { heading: string; understoodAs: string | null }[];
  items: { line: number; number: string | null; result: 'taken' | 'known' | 'refused'; why: string | null }[];
}
