import type { Latency } from './latency';
import type { StreamState } from './wire';

/** A picture older than this is marked as old, milliseconds. */
export const staleAfterMs = 3000;

export type Refusal = 'codec' | 'browser' | 'forbidden' | 'gone';

/** What a player knows of itself. */
export interface PlayerStatus {
  connection: 'connecting' | 'open' | 'waiting' | 'refused';
  refusal: Refusal | null;
  /** What the stream says of itself; null before it has spoken. */
  stream: StreamState | null;
  /** When the newest picture shown came, by performance.now(): when it was shown, or before, where the stream had stopped by then; null before the first one. */
  shownAt: number | null;
  width: number;
  height: number;
  latency: Latency | null;
  /** Pictures shown in the last second. */
  rate: number;
  dropped: number;
  damaged: boolean;
  /** Pictures shown since the player began: it tells a moving picture from a frozen one. */
  shown: number;
}

export const initialStatus: PlayerStatus = {
  connection: 'connecting', refusal: null, stream: null, shownAt: null, width: 0, height: 0, latency: null, rate: 0, dropped: 0, damaged: false, shown: 0,
};

export type PictureState = 'connecting' | 'waiting' | 'live' | 'stale' | 'idle' | 'offline' | Refusal;

/** The one word for a tile. What cannot be shown comes before what is old, and what is old before what is being waited for. */
export function pictureState(status: PlayerStatus, now: number): PictureState {
  if (status.refusal) return status.refusal;
  const age = pictureAgeMs(status, now);
  if (age !== null) return age > staleAfterMs ? 'stale' : 'live';
  if (status.connection === 'waiting') return 'offline';
  if (status.connection === 'connecting') return 'connecting';
  return status.stream === 'idle' || status.stream === 'closing' ? 'idle' : 'waiting';
}

/** How old the picture is that is being looked at; null without one. */
export function pictureAgeMs(status: PlayerStatus, now: number): number | null {
  return status.shownAt === null ? null : Math.max(0, now - status.shownAt);
}
