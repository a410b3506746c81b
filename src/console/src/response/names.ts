import { placeName, t } from '$lib/i18n/index.svelte';
import { priorityName, typeName } from '../incidents/incidentTypes';
import { stage } from '../map/stage.svelte';
import type { Dimension } from './types';

/** What a group is called: a type, a level, an hour, a grid, a key site. */
export function groupName(by: Dimension, key: string): string {
  switch (by) {
    case 'type': return typeName(key);
    case 'priority': return priorityName(Number(key));
    case 'hour': return `${key.padStart(2, '0')}:00–${key.padStart(2, '0')}:59`;
    case 'gridId': return nameOfPlace('grids', key);
    case 'keySiteId': return nameOfPlace('keySites', key);
  }
}

export const dimensionName = (by: Dimension): string => t(`response.by.${by}`);

function nameOfPlace(kind: 'grids' | 'keySites', id: string): string {
  const place = stage.places(kind).find((feature) => String(feature.id ?? feature.properties?.['id']) === id);
  return placeName(place?.properties) || id;
}
