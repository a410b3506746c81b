const longestPauseMs = 5000;

/** Longer after each attempt, and by lot: after a restart the walls of a whole city do not come back in the same moment. */
export function pauseMs(attempt: number, lot = Math.random()): number {
  return Math.min(longestPauseMs, 200 * 2 ** attempt) * (0.5 + lot / 2);
}

const goneMs = 10_000;

/** How long a stream that the service does not know is left alone: after a restart of the service its source is often announced again a moment later. */
export function goneForMs(lot = Math.random()): number {
  return goneMs * (0.75 + lot / 2);
}
