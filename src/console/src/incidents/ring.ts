import type { Incident } from '$lib/api/types';

/** Rising, as no alarm is: a new call is told apart by ear from something that is wrong. The most urgent rings twice. */
const call = [523, 784];

/** What is heard when the feed tells of an incident; null for one that is known, closed, or history that was imported. */
export function ringOf(known: boolean, incident: Pick<Incident, 'priority' | 'state' | 'reportedAt'>, now: number): readonly number[] | null {
  const freshMs = 10 * 60_000;
  if (known || incident.state.toLowerCase() === 'closed' || now - Date.parse(incident.reportedAt) > freshMs) return null;
  return incident.priority === 1 ? [...call, ...call] : call;
}
