import { http } from './api/client';
import type { Page, Purpose } from './api/types';
import { feed } from './feed/feed.svelte';
import { term } from './i18n/index.svelte';
import { preferences } from './preferences.svelte';

/** What a flight may be made for, as the server is configured; read when the feed begins. */
class Purposes {
  #all = $state.raw<Purpose[]>([]);

  constructor() {
    feed.onResumed(() => void this.#read());
  }

  get all(): Purpose[] { return this.#all; }

  /** The name of one in the language chosen; one that is not configured any more goes by the console's own words. */
  name(id: string): string {
    const known = this.#all.find((purpose) => purpose.id === id);
    if (!known) return term('sortie.purpose', id);
    return preferences.language === 'zh-CN' ? known.nameZh : known.nameEn;
  }

  async #read(): Promise<void> {
    try {
      this.#all = (await http.get<Page<Purpose>>('/purposes')).items;
    } catch {
      // The launch form says that the list is missing; an emergency launch needs none.
    }
  }
}

export const purposes = new Purposes();
