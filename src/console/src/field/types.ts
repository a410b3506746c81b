import type { DroneRole, DroneState } from '../lib/api/types';

export interface Point { type: 'Point'; coordinates: [number, number] }

export type CrewReportKind = 'arrived' | 'placeSeen' | 'helpNeeded' | 'helpOver';

/** What the server shows through a link (docs/api.md, Links for crews). */
export interface FieldView {
  now: string;
  link: { callSign: string; expiresAt: string };
  incident: {
    number: string | null;
    typeZh: string;
    typeEn: string;
    priority: 1 | 2 | 3 | 4;
    summary: string;
    location: Point;
    address: string | null;
    reportedAt: string;
    state: string;
    timeAxis: { stage: string; nameZh: string; nameEn: string; at: string | null }[];
    crewReports: { kind: CrewReportKind; at: string; unit: string }[];
  };
  drones: FieldDrone[];
  unit: { location: Point; positionAt: string } | null;
}

export interface FieldDrone {
  name: string;
  role: DroneRole;
  state: DroneState;
  location: Point | null;
  headingDeg: number | null;
  heightM: number | null;
  batteryPercent: number | null;
  etaS: number | null;
  onSceneAt: string | null;
  positionAgeS: number | null;
  /** What of it may be watched; empty once it has left the incident. */
  cameras: FieldCamera[];
}

export interface FieldCamera { id: string; kind: 'visible' | 'thermal'; state: 'idle' | 'connecting' | 'live' | 'stalled' | 'closing' }

export interface BaseFeature {
  properties: { layer: string; kind?: string; nameZh?: string; nameEn?: string };
  geometry: { type: string; coordinates: unknown };
}
