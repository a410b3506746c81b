import type { StreamState } from '../video/wire';

export interface VideoStream {
  id: string;
  vehicleId: string;
  kind: 'visible' | 'thermal';
  name: string;
  state: StreamState;
  /** From the camera to the server. */
  latencyMs: number | null;
  viewers: number;
  recording: boolean;
  width: number | null;
  height: number | null;
  codec: string | null;
  ageMs: number | null;
  /** Why there is no picture, in the server's words. */
  trouble: string | null;
}

export interface Recording {
  id: string;
  vehicleId: string;
  streamId: string;
  from: string;
  to: string | null;
  seconds: number;
  bytes: number;
  state: 'recording' | 'closed' | 'deleted';
  gaps: number;
  segments: number;
  /** Its retention class. */
  class: string;
  /** When it is to be deleted; null while it is written or held. */
  dueAt: string | null;
  holds: number;
  clips: number;
  stills: number;
  taskLabel: string | null;
}

export interface RetentionClass {
  id: string;
  days: number;
}

export interface LegalHold {
  id: string;
  at: string;
  by: string;
  reason: string;
}

/** A word about how long a recording is kept. */
export interface KeepingWord {
  at: string;
  by: string;
  reason: string;
  class: string | null;
  holdId: string | null;
  lifts: boolean;
}

export interface Clip {
  id: string;
  at: string;
  by: string;
  reason: string;
  from: string;
  to: string;
  bytes: number;
  sha256: string;
  /** The clip that it is a masked copy of. */
  maskedFrom: string | null;
}

/** One picture of a recording, kept without a loss. */
export interface Still {
  id: string;
  /** When somebody took it out. */
  at: string;
  by: string;
  reason: string;
  /** When the picture was taken. */
  pictureAt: string;
  segment: number;
  segmentSha256: string;
  width: number;
  height: number;
  isDamaged: boolean;
  bytes: number;
  sha256: string;
  view: { at: string; lon: number; lat: number; altitudeAmslM: number; headingDeg: number | null; pitchDeg: number | null } | null;
}

/** A time in which a camera did not do its duty. */
export interface Breach {
  id: string;
  vehicleId: string;
  streamId: string;
  kind: 'recordedInNoRecordZone' | 'recordedOnTheWay' | 'notRecordedAtScene' | 'looksDown';
  at: string;
  endedAt: string | null;
  item: number | null;
  zone: string | null;
  task: string | null;
}

export interface RecordingSegment {
  number: number;
  from: string;
  to: string;
  bytes: number;
  sha256: string;
  chain: string;
}

export interface RecordingGap {
  from: string;
  to: string;
  reason: string;
}

/** One recording with its parts. */
export interface RecordingDetails extends Omit<Recording, 'segments' | 'gaps' | 'holds' | 'clips' | 'stills'> {
  segments: RecordingSegment[];
  gaps: RecordingGap[];
  holds: LegalHold[];
  keeping: KeepingWord[];
  clips: Clip[];
  stills: Still[];
  /** When its pictures went. */
  deleted: { at: string; class: string; dueAt: string; bytes: number } | null;
  bookmarks?: Bookmark[];
}

export interface Bookmark {
  id: string;
  at: string;
  text: string;
  by: string;
}

export interface Verification {
  /** Segments that are right, from the first on. */
  segments: number;
  isClosed: boolean;
  /** The first that is not right; 0 where the recording's own statement is not; null when all is right. */
  firstBad: number | null;
  problem: string | null;
}
