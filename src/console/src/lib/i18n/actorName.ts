import { userName } from '../format/actor';
import { t } from './index.svelte';

/** An actor of the audit log as people say it: what the service did by itself was done by the system. */
export function actorName(actor: string): string {
  return actor === 'system' ? t('actor.system') : userName(actor).replace(/^unit:/, '');
}
