import { t } from '$lib/i18n/index.svelte';

/** What a retention class is called: the usual ones have words, a unit's own ones say it themselves. */
export function className(id: string): string {
  return id === 'routine' || id === 'incident' || id === 'evidence' ? t(`keeping.class.${id}`) : id;
}
