import type { FlightAlert } from './api/types';

const keptAlerts = 200;
const order = { warning: 0, caution: 1, advisory: 2 } as const;

/** Worst first, newest first within a rank; one that was acknowledged, here or elsewhere, is gone. Pure. */
export function takeAlert(open: readonly FlightAlert[], alert: FlightAlert): FlightAlert[] {
  const others = open.filter((other) => other.id !== alert.id);
  return alert.acknowledgedAt
    ? others
    : [alert, ...others].sort((a, b) => order[a.severity] - order[b.severity] || b.at.localeCompare(a.at)).slice(0, keptAlerts);
}
