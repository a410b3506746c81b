import { ApiError } from './api/client';
import { said, t } from './i18n/index.svelte';

export interface Notice {
  id: number;
  tone: 'normal' | 'warning' | 'advisory';
  text: string;
}

/** Short notices at the foot of the screen, read out by screen readers; errors stay until closed. */
class Notices {
  #list = $state.raw<Notice[]>([]);
  #next = 1;

  get list(): Notice[] { return this.#list; }

  say(text: string, tone: Notice['tone'] = 'normal'): void {
    const notice = { id: this.#next++, tone, text };
    this.#list = [...this.#list.slice(-3), notice];
    if (tone !== 'warning') setTimeout(() => this.close(notice.id), 6000);
  }

  fail(error: unknown): void {
    this.say(explain(error), 'warning');
  }

  close(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();

/** What went wrong, for a person: the server's own reason where it gave one. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.offline) return t('error.offline');
  const own = said(error.problem?.detail ?? error.problem?.title);
  if (error.status === 403 && error.problem?.type !== 'urn:droneops:problem:antiforgery') return own && !error.problem?.type.endsWith('not-allowed') ? own : t('error.forbidden');
  if (error.status === 412) return t('error.conflict');
  if (own) return own;
  if (error.status === 404) return t('error.notFound');
  return t('error.server', { status: error.status });
}
