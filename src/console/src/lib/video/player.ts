import type { PlayerStatus, Refusal } from './status';
import type { CameraView, FormatMessage } from './wire';

export interface PlayerEvents {
  /** Something changed that people must see at once; ages and rates are read from `status` at the reader's own pace. */
  onchange: (status: PlayerStatus) => void;
  onview: (view: CameraView) => void;
  /** Why the server refuses, where it does; null when it was only not reached. */
  whyRefused: () => Promise<Refusal | null>;
  /** This player does not know the codec; it has stopped. */
  onunsupported: (format: FormatMessage) => void;
}

export interface Player {
  readonly status: PlayerStatus;
  start(): void;
  stop(): void;
}
