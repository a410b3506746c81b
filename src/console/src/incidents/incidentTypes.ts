import { term, t, type Key } from '$lib/i18n/index.svelte';
import { cityTypes } from './types.svelte';

/** The types offered until the city's own are read; an external system may send any other, which is shown as it came. */
export const incidentTypes = ['help', 'traffic', 'fire', 'missing', 'drowning', 'brawl', 'theft', 'gathering', 'disaster', 'other'] as const;

export const typeName = (type: string): string => cityTypes.name(type) ?? term('incident.type', type);
export const offeredTypes = (): readonly string[] => (cityTypes.all.length > 0 ? cityTypes.all.map((type) => type.code) : incidentTypes);
export const stateName = (state: string): string => term('incident.state', state.charAt(0).toLowerCase() + state.slice(1));
export const priorityName = (priority: number): string =>
  priority >= 1 && priority <= 4 ? t(`incident.priority.${priority}` as Key) : String(priority);
export const priorityTone = (priority: number): 'warning' | 'caution' | 'advisory' => (priority <= 1 ? 'warning' : priority === 2 ? 'caution' : 'advisory');
