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
