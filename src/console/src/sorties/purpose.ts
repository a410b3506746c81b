import { term } from '$lib/i18n/index.svelte';
import { purposes } from '$lib/purposes.svelte';

/**
 * Why a flight was made, for people. Older records say "Patrol: old city" or "Incident: theft"; what a person wrote stays as it is.
 */
export function purposeName(purpose: string): string {
  const [, kind, what] = /^(Patrol|Incident): (.+)$/.exec(purpose) ?? [];
  if (!kind || !what) return purposes.name(purpose);
  return `${term('sortie.purpose', kind.toLowerCase())} · ${kind === 'Incident' ? term('incident.type', what) : what}`;
}
