import type { Incident } from '$lib/api/types';
import type { Sound } from '$lib/sound';

/** What is heard when the feed tells of an incident; null for one that is known, closed, or history that was imported. */
export function ringOf(known: boolean, incident: Pick<Incident, 'priority' | 'state' | 'reportedAt'>, now: number): Sound | null {
  const freshMs = 10 * 60_000;
  if (known || incident.state.toLowerCase() === 'closed' || now - Date.parse(incident.reportedAt) > freshMs) return null;
  return incident.priority === 1 ? 'urgentCall' : 'call';
}
