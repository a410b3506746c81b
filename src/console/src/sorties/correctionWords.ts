import { dateTime } from '$lib/format/time';
import { actorName } from '$lib/i18n/actorName';
import { t, type Key } from '$lib/i18n/index.svelte';
import { purposeName } from './purpose';

const names: Readonly<Record<string, Key>> = {
  unit: 'airframe.unit', purpose: 'sortie.purpose', authorisedBy: 'sortie.authorisedBy', batterySerial: 'sortie.correct.battery', pilot: 'sortie.pilot',
  taskId: 'sortie.correct.task', taskKind: 'sortie.correct.taskKind', taskLabel: 'sortie.correct.taskLabel', batteryCycles: 'sortie.correct.cycles',
  batteryHealthPercent: 'sortie.correct.health', takeoffAt: 'sortie.started', landedAt: 'sortie.ended',
};

/** A field of a record as people call it. */
export function fieldName(field: string): string {
  const key = names[field];
  return key ? t(key) : field;
}

/** What stands, or stood, in a field. */
export function fieldValue(field: string, value: string | null): string {
  if (value === null) return t('common.unknown');
  if (field === 'purpose') return purposeName(value);
  if (field === 'pilot' || field === 'authorisedBy') return actorName(value);
  return field.endsWith('At') ? dateTime(value) : value;
}
