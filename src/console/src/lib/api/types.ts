/*
 * The shapes of /api/v1 and of the feed, as the console reads them. Times are RFC 3339 UTC, coordinates WGS-84 with
 * longitude first, units are in the names. The server's OpenAPI document is the authority; this file follows it.
 */

import type { IncidentWarning, PossibleDuplicate } from './intakeTypes';

export type * from './intakeTypes';
export type * from './sessionTypes';
export type * from './sortieTypes';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Position {
  lon: number;
  lat: number;
  altitudeAmslM: number | null;
  altitudeAboveHomeM: number | null;
}

export type LinkState = 'up' | 'late' | 'lost';

/** Null is "not known"; what is known but old is marked in `stale`. */
export interface Vehicle {
  id: string;
  name: string;
  network: string;
  systemId: number;
  autopilot: string | null;
  vehicleType: string | null;
  hardwareId: string | null;
  firmware: string | null;
  dockId: string | null;
  /** The police unit that it belongs to. */
  unit?: string | null;
  /** Must not fly: by hand, for a defect, or because maintenance is due. */
  grounded: boolean;
  groundedFor?: string | null;
  armed: boolean;
  inAir: boolean | null;
  mode: string | null;
  modes: string[];
  position: Position | null;
  attitude: { rollDeg: number; pitchDeg: number; yawDeg: number } | null;
  groundSpeedMps: number | null;
  climbMps: number | null;
  headingDeg: number | null;
  battery: { percent: number | null; voltageV: number | null; currentA: number | null; fullWh: number | null } | null;
  gps: { fix: string; satellites: number | null } | null;
  link: { state: LinkState; ageS: number | null; lossPercent: number | null; signed?: boolean };
  home: { lon: number; lat: number; altitudeAmslM: number | null } | null;
  assignment: { kind: 'patrol' | 'incident' | 'manual'; id: string; label: string; purpose: string } | null;
  control: { holder: string; expiresAt: string; offeredTo: string | null } | null;
  stale: { position: boolean; attitude: boolean; battery: boolean; gps: boolean };
  missionProgress: { current: number; total: number | null; state: string } | null;
  /** Whether it may be sent off, what stands in the way, and which failsafes are off. */
  ready: { armable: boolean; reasons: string[]; failsafes: string[] };
  /** The autopilot's latest texts of warning or worse, newest last. */
  alertTexts: string[];
  updatedAt: string;
}

export type CommandName =
  | 'arm' | 'disarm' | 'takeoff' | 'land' | 'returnToLaunch' | 'hold' | 'goTo' | 'setMode'
  | 'startMission' | 'pauseMission' | 'continueMission' | 'setSpeed' | 'orbit' | 'pointCamera';

export interface CommandRequest {
  command: CommandName;
  altitudeAboveHomeM?: number;
  lon?: number;
  lat?: number;
  mode?: string;
  speedMps?: number;
  radiusM?: number;
  purpose?: string;
  authorisedBy?: string;
  emergency?: boolean;
}

export type CommandOutcome = 'accepted' | 'inProgress' | 'rejected' | 'unknown' | 'notSent';

export interface CommandResult {
  outcome: CommandOutcome;
  reason: string | null;
  commandId: string | null;
}

export interface PointGeometry { type: 'Point'; coordinates: [number, number] | [number, number, number] }
export interface LineGeometry { type: 'LineString'; coordinates: number[][] }
export interface PolygonGeometry { type: 'Polygon'; coordinates: number[][][] }
export type Geometry = PointGeometry | LineGeometry | PolygonGeometry
  | { type: 'MultiPoint'; coordinates: number[][] }
  | { type: 'MultiLineString'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] };

export interface Feature<P = Record<string, unknown>> {
  type: 'Feature';
  id?: string | number;
  geometry: Geometry;
  properties: P;
}

export interface FeatureCollection<P = Record<string, unknown>> {
  type: 'FeatureCollection';
  features: Feature<P>[];
}

/** A place of the city: area, zone, dock, grid or key site. The properties vary by kind; these are the common ones. */
export interface PlaceProperties {
  id?: string;
  name?: string;
  nameEn?: string;
  name_en?: string;
  kind?: string;
  [key: string]: unknown;
}

export type PlaceKind = 'areas' | 'zones' | 'docks' | 'grids' | 'keySites';

export interface MapConfig {
  centre: [number, number];
  zoom: number;
  tiles: TileConfig | null;
}

export interface TileConfig {
  kind: 'xyz' | 'wmts' | 'pmtiles' | 'mbtiles';
  url: string;
  attribution: string;
  datum: 'wgs84' | 'cgcs2000' | 'gcj02';
}

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  severity: Severity;
  code: string;
  legIndex: number | null;
  where: PointGeometry | [number, number] | string | null;
  message: string;
}

export interface RouteBody { legs: unknown[]; [key: string]: unknown }

export type PatternKind = 'lawnmower' | 'corridor' | 'sites';

export interface RoutePreviewRequest {
  pattern: PatternKind;
  areaId?: string;
  area?: PolygonGeometry;
  corridor?: LineGeometry;
  siteIds?: string[];
  settings: PatternSettings;
}

export interface PatternSettings {
  altitudeAboveHomeM: number;
  speedMps: number;
  spacingM: number;
  directionDeg: number | null;
  widthM: number;
  orbitRadiusM: number;
}

export interface RoutePreview {
  route: RouteBody;
  geometry: Geometry;
  lengthM: number;
  durationS: number;
  energyPercent: number;
  findings: Finding[];
}

export interface RouteSummary {
  id: string;
  name: string;
  version: number;
  geometry: Geometry | null;
  lengthM: number | null;
  durationS: number | null;
  energyPercent: number | null;
  updatedAt: string | null;
  findings?: Finding[];
}

export interface Patrol {
  id: string;
  name: string;
  routeId: string;
  vehicleIds: string[];
  vehicleCount: number | null;
  everyMinutes: number | null;
  from: string | null;
  to: string | null;
  days: number[] | null;
  enabled: boolean;
}

export type OccurrenceState = 'planned' | 'starting' | 'flying' | 'done' | 'missed' | 'interrupted' | 'cancelled';

export interface Occurrence {
  id: string;
  patrolId: string;
  patrolName: string | null;
  plannedAt: string;
  state: OccurrenceState | string;
  vehicleId: string | null;
  reason: string | null;
  sortieId: string | null;
}

export const stages = [
  'CallReceived', 'IncidentCreated', 'UnitDispatched', 'DroneRequested', 'DroneAssigned', 'DroneAirborne',
  'DroneOnScene', 'FirstFrame', 'UnitOnScene', 'Resolved', 'DroneRecovered', 'Closed',
] as const;
export type Stage = (typeof stages)[number];

export interface StageTime {
  stage: Stage;
  at: string | null;
  source: 'event' | 'hand' | 'import' | null;
  /** What it said before it was corrected. */
  first?: { at: string; source: 'event' | 'hand' | 'import'; actor: string } | null;
  corrections?: { at: string; by: string; enteredAt: string; reason: string }[];
  /** Steps that usually come before this one and that the axis has after it. */
  doubts?: Stage[];
}

export type IncidentState = 'open' | 'dispatched' | 'onScene' | 'recalled' | 'closed';

export interface Incident {
  id: string;
  externalNumber: string | null;
  type: string;
  priority: number;
  summary: string;
  location: PointGeometry;
  address: string | null;
  reportedAt: string;
  state: IncidentState | string;
  vehicleId: string | null;
  timeAxis: StageTime[];
  outcomes: OutcomeCounts;
  note: string | null;
  /** Whether it gets a drone by itself. */
  isAutomatic: boolean;
  /** Why it has none yet, drone by drone, or why its drone will not be relieved. */
  waitsFor: string | null;
  /** The drones that work it or come home from it; vehicleId is the primary. */
  drones: IncidentDrone[];
  formerDrones: IncidentDrone[];
  source: 'report' | 'import';
  warnings: IncidentWarning[];
  crewReports: { kind: 'arrived' | 'placeSeen' | 'helpNeeded' | 'helpOver'; at: string; unit: string }[];
  formerPlaces: { location: PointGeometry; address: string | null; until: string; by: string; reason: string }[];
  merged: { id: string; externalNumber: string | null; at: string; by: string; reason: string }[];
  mergedInto: { into: string; at: string; by: string; reason: string } | null;
  /** Only in the answer to a report and to a move. */
  possibleDuplicates: PossibleDuplicate[] | null;
}

/** A crew's link to an incident; its address is only in the answer that opened it. */
export interface CrewLink {
  id: string;
  callSign: string;
  openedAt: string;
  openedBy: string;
  expiresAt: string;
  endedAt: string | null;
  endedFor: 'expired' | 'revoked' | 'incidentClosed' | null;
  endedBy: string | null;
  uses: number;
  lastUsedAt: string | null;
}

export type DroneState = 'onTheWay' | 'onScene' | 'leaving' | 'lost' | 'gone';

export type DroneRole = 'primary' | 'second' | 'relief';
export type SceneTaskKind = 'hover' | 'orbit' | 'followUnit' | 'watchKeySite';

export interface SceneTask {
  task: SceneTaskKind;
  heightM: number;
  radiusM: number;
  bearingDeg: number | null;
  unitCallSign: string | null;
  keySiteId: string | null;
  cameraOnPlace: boolean;
  /** What keeps the drone from it at the moment. */
  note: string | null;
  /** When a person gave it; null for the task that the drone was sent with. */
  givenAt: string | null;
}

export interface IncidentDrone {
  vehicleId: string;
  role: DroneRole;
  state: DroneState;
  since: string;
  task: SceneTask;
  onSceneAt: string | null;
  /** When it must leave the scene to land with its reserve. */
  relieveBy: string | null;
  until: string | null;
  why: string | null;
}

export interface IncidentRequest {
  externalNumber: string | null;
  type: string;
  priority: number;
  summary: string;
  location: PointGeometry;
  address: string | null;
  reportedAt: string;
  /** auto: the best drone goes by itself; null: the priority decides. */
  dispatch: 'auto' | 'manual' | null;
}

export interface OutcomeCounts {
  evidenceCollected: number;
  arrestCases: number;
  arrestSuspects: number;
  disasterRelief: number;
  personsRescued: number;
}

export interface Candidate {
  vehicleId: string;
  name: string;
  rank: number | null;
  etaS: number | null;
  etaP90S: number | null;
  batteryOnScenePercent: number | null;
  abandons: string | null;
  excluded: string | null;
}

/** A ground crew, where its device last said it was. */
export interface Unit {
  callSign: string;
  location: { type: 'Point'; coordinates: [number, number] };
  positionAt: string;
  ageS: number;
  isStale: boolean;
  headingDeg: number | null;
  speedMps: number | null;
  status: string;
  tier: string | null;
  dutyMode: string | null;
}

/** What the feed says of a crew that was taken off the list. */
export interface RemovedUnit {
  callSign: string;
  isRemoved: true;
}

export interface AuditEntry {
  sequence: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  details?: unknown;
  hash?: string;
}

/** What is wrong with one part of a request: a JSON pointer (`#/geometry/coordinates`) or a parameter's name, and the reason. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** RFC 9457 problem details; the `type` is a stable URN. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: Fault[];
}

/** A named place of the offline gazetteer. */
export interface Address {
  id: string;
  nameZh: string;
  nameEn: string;
  kind: string;
  districtZh: string | null;
  districtEn: string | null;
  location: PointGeometry;
}
