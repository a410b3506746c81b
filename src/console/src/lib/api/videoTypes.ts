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
  state: 'recording' | 'closed';
  gaps: number;
  segments: number;
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
export interface RecordingDetails extends Omit<Recording, 'segments' | 'gaps'> {
  segments: RecordingSegment[];
  gaps: RecordingGap[];
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
