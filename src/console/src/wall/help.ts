import type { Incident } from '$lib/api/types';

/** The crews whose last word about help is that they need it. */
export function callsForHelp(incident: Pick<Incident, 'crewReports'>): string[] {
  const last = new Map<string, boolean>();
  for (const report of incident.crewReports ?? []) {
    if (report.kind === 'helpNeeded' || report.kind === 'helpOver') last.set(report.unit, report.kind === 'helpNeeded');
  }
  return [...last].filter(([, needs]) => needs).map(([unit]) => unit);
}
