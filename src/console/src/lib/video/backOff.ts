const longestPauseMs = 5000;

/** Longer after each attempt, and by lot: after a restart the walls of a whole city do not come back in the same moment. */
export function pauseMs(attempt: number, lot = Math.random()): number {
  return Math.min(longestPauseMs, 200 * 2 ** attempt) * (0.5 + lot / 2);
}
