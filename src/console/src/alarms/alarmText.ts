import { fleet } from '$lib/feed/fleet.svelte';
import { said, t, term } from '$lib/i18n/index.svelte';
import type { Alarm } from '$lib/api/alarmTypes';

/** What an alarm is called. */
export function nameOf(alarm: Pick<Alarm, 'code'>): string {
  return term('alertCode', alarm.code).replace(/^alertCode\./, '');
}

/** What it is about, for people: a vehicle by its call sign, a crew at an incident by its own; several by how many. */
export function subjectOf(alarm: Pick<Alarm, 'subject'> & Partial<Alarm>): string {
  const [kind = '', ...rest] = alarm.subject.split('/');
  if (alarm.members) return t('alarms.members', { count: alarm.members });
  if (kind === 'vehicle') return fleet.name(rest.join('/'));
  if (kind === 'incident' && rest[1] === 'unit') return rest.slice(2).join('/');
  return kind === 'incident' || kind === 'sortie' || kind === 'audit' || kind === 'alarms' || kind === 'webhook' ? '' : alarm.subject;
}

/** What happened, as the server put it; an incident's type by its name. */
export function textOf(alarm: Alarm): string {
  const text = alarm.incidentId ? alarm.text.replace(/(^|will not reach )([A-Za-z]+)(?=:| \()/, (_, before: string, type: string) => before + term('incident.type', type)) : alarm.text;
  return said(text);
}
