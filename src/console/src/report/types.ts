import type { OutcomeKind } from '../outcomes/outcome';

export interface Figure {
  confirmed: number;
  awaiting: number;
  imported: number;
}

export interface OutcomeReport {
  sorties: number;
  airborneSeconds: number;
  evidenceCases: Figure;
  arrestCases: Figure;
  suspects: Figure;
  disasterMissions: Figure;
  personsRescued: Figure;
}

export interface StatisticsRow {
  /** What its things have in common; null is what is not known. */
  key: string | null;
  /** The same where it is a day or a month. */
  period: string | null;
  sorties: number;
  airborneSeconds: number;
  incidents: number;
  droneArrivals: number;
  droneToSceneP50S: number | null;
  evidenceCases: number;
  arrestCases: number;
  suspects: number;
  disasterMissions: number;
  personsRescued: number;
}

export interface Coverage {
  kind: 'grid' | 'keySite';
  id: string;
  nameZh: string;
  nameEn: string;
  sorties: number;
  lastAt: string | null;
}

/** The figures of the report, each with the outcomes that it opens into. */
export const figures = [
  ['evidenceCases', 'evidenceCollected'], ['arrestCases', 'arrestSupport'], ['suspects', 'arrestSupport'], ['disasterMissions', 'disasterRelief'], ['personsRescued', 'personsRescued'],
] as const satisfies readonly (readonly [keyof OutcomeReport, OutcomeKind])[];
