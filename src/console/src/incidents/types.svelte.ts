import { http } from '$lib/api/client';
import type { IncidentType, Page } from '$lib/api/types';
import { preferences } from '$lib/preferences.svelte';

/** The types of calls that the city has configured; read once, and until then the console's own words serve. */
class CityTypes {
  #all = $state.raw<IncidentType[]>([]);
  #asked = false;

  get all(): IncidentType[] { return this.#all; }

  async read(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      this.#all = (await http.get<Page<IncidentType>>('/incidents/types')).items;
    } catch {
      this.#asked = false;
    }
  }

  name(code: string): string | null {
    const known = this.#all.find((type) => type.code === code);
    return known ? (preferences.language === 'en' ? known.nameEn : known.nameZh) : null;
  }
}

export const cityTypes = new CityTypes();
