import { http } from './api/client';
import type { Page } from './api/types';
import { preferences } from './preferences.svelte';

interface DutyMode {
  id: string;
  nameZh: string;
  nameEn: string;
}

/** The modes of duty and their names, as the server is configured; read when a name is asked for first. */
class DutyModes {
  #all = $state.raw<DutyMode[] | null>(null);
  #asked = false;

  /** The name of one in the language chosen; its id while names are not known. */
  name(id: string): string {
    if (!this.#asked) void this.#read();
    const known = this.#all?.find((mode) => mode.id === id);
    return known ? (preferences.language === 'zh-CN' ? known.nameZh : known.nameEn) : id;
  }

  async #read(): Promise<void> {
    this.#asked = true;
    try {
      this.#all = (await http.get<Page<DutyMode>>('/units/dutyModes')).items;
    } catch {
      this.#asked = false;
    }
  }
}

export const dutyModes = new DutyModes();
