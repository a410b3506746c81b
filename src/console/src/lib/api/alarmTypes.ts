export type AlarmSeverity = 'warning' | 'caution' | 'advisory';

/** Where an alarm stands (ISA-18.2). */
export type AlarmState = 'normal' | 'unacknowledged' | 'acknowledged' | 'returnedUnacknowledged' | 'shelved' | 'suppressedByDesign' | 'outOfService';

export interface Alarm {
  id: string;
  at: string;
  severity: AlarmSeverity;
  code: string;
  vehicleId: string;
  /** What, in English; the code says it in any language. */
  text: string;
  clearedAt: string | null;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  state: AlarmState;
  /** What it is about, `vehicle/3`. */
  subject: string;
  incidentId: string | null;
  /** The group alarm that speaks for it. */
  groupId: string | null;
  /** How many it speaks for; 0 for one that is no group. */
  members: number;
  /** How often the condition came while this was one alarm. */
  occasions: number;
  isChattering: boolean;
  isStale: boolean;
  heldBy: string | null;
  heldFor: string | null;
  heldUntil: string | null;
}

/** One figure of the alarm report with its limits. */
export interface AlarmFigure {
  id: string;
  value: number | null;
  unit: 'alarms' | 'percent' | 'seconds';
  comparison: 'below' | 'atMost' | 'atLeast';
  acceptable: number | null;
  manageable: number | null;
  verdict: 'acceptable' | 'manageable' | 'tooMuch' | null;
}

export interface AlarmReport {
  from: string;
  to: string;
  days: number;
  calls: number;
  quiet: number;
  figures: AlarmFigure[];
  mostFrequent: { code: string; subject: string; count: number; percent: number }[];
  busiest: { from: string; count: number }[];
}
