/** How a plan, an airframe or a pack stands. */
export type UpkeepState = 'good' | 'soon' | 'due';

export interface LimitUse {
  kind: 'hours' | 'landings' | 'days';
  used: number;
  every: number;
  share: number;
}

export interface PlanStanding {
  planId: string;
  plan: string;
  grounds: boolean;
  since: string;
  wasDone: boolean;
  limits: LimitUse[];
  dueOn: string | null;
  state: UpkeepState;
}

export interface Defect {
  id: string;
  vehicleId: string;
  text: string;
  grounds: boolean;
  sortieId: string | null;
  reportedBy: string;
  reportedAt: string;
  state: 'open' | 'released';
  releasedAt: string | null;
  releasedBy: string | null;
  release: string | null;
}

export interface AirframeView {
  vehicleId: string;
  name: string;
  inServiceSince: string;
  broughtHours: number;
  broughtLandings: number;
  totalHours: number;
  totalLandings: number;
  state: UpkeepState;
  groundedFor: string | null;
  plans: PlanStanding[];
  openDefects: Defect[];
}

export interface MaintenanceWork {
  id: string;
  doneAt: string;
  doneBy: string;
  text: string;
  resets: { planId: string; plan: string; hours: number; landings: number; days: number }[];
  totalHours: number;
  totalLandings: number;
  enteredBy: string;
  enteredAt: string;
  withdrawnAt: string | null;
  withdrawnBy: string | null;
  withdrawnFor: string | null;
}

export interface MaintenancePlan {
  id: string;
  name: string;
  vehicleId: string | null;
  everyHours: number | null;
  everyLandings: number | null;
  everyDays: number | null;
  warnPercent: number;
  grounds: boolean;
  etag: string;
}

export interface BatteryPack {
  serial: string;
  vehicleId: string;
  vehicleName: string;
  sorties: number;
  airborneSeconds: number;
  toldCycles: number | null;
  countedCycles: number;
  healthPercent: number | null;
  firstUsedAt: string;
  lastUsedAt: string;
  state: UpkeepState;
}

export const upkeepTones = { good: 'normal', soon: 'caution', due: 'warning' } as const satisfies Record<UpkeepState, string>;

/** A counter as people read it: hours to a tenth, landings and days whole. Used days are cut, so that a limit is not shown as reached before it is. */
export function counted(kind: LimitUse['kind'], value: number): string {
  return kind === 'hours' ? value.toFixed(1) : String(Math.floor(value));
}

/** What of a plan is filled in, as the server takes it; an empty field is no limit. */
export function interval(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
