import { http } from '$lib/api/client';
import type { Stage } from '$lib/api/types';
import { t } from '$lib/i18n/index.svelte';
import { preferences } from '$lib/preferences.svelte';

interface StageName {
  stage: Stage;
  nameZh: string;
  nameEn: string;
}

/** What the steps of the time axis are called here: the city may have its own names, which the server knows. */
class StageNames {
  #names = $state.raw(new Map<Stage, StageName>());
  #asked = false;

  of(stage: Stage): string {
    const name = this.#names.get(stage);
    return name ? (preferences.language === 'zh-CN' ? name.nameZh : name.nameEn) : t(`stage.${stage}`);
  }

  async read(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const { items } = await http.get<{ items: StageName[] }>('/incidents/stages');
      this.#names = new Map(items.map((name) => [name.stage, name]));
    } catch {
      // The usual names are right nearly everywhere; the next page asks again.
      this.#asked = false;
    }
  }
}

export const stageNames = new StageNames();
