import { term } from '$lib/i18n/index.svelte';

/**
 * Why a flight was made, for people. The service writes "Patrol: old city" or "Incident: theft"; what a person wrote stays as
 * it is.
 */
export function purposeName(purpose: string): string {
  const [, kind, what] = /^(Patrol|Incident): (.+)$/.exec(purpose) ?? [];
  if (!kind || !what) return term('sortie.purpose', purpose);
  return `${term('sortie.purpose', kind.toLowerCase())} · ${kind === 'Incident' ? term('incident.type', what) : what}`;
}
