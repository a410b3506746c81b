import { SvelteMap } from 'svelte/reactivity';
import { http } from './api/client';
import type { Page, RemovedUnit, Unit } from './api/types';
import { feed } from './feed/feed.svelte';

/** The ground crews where they were last heard: read whole when the feed begins, then as it tells. */
class Crews {
  readonly #byCallSign = new SvelteMap<string, Unit>();

  constructor() {
    feed.on('unit', (unit) => this.#take(unit));
    feed.onResumed(() => void this.#read());
  }

  get all(): Unit[] { return [...this.#byCallSign.values()]; }

  clear(): void {
    this.#byCallSign.clear();
  }

  async #read(): Promise<void> {
    const units: Unit[] = [];
    let cursor: string | null = null;
    try {
      do {
        const page: Page<Unit> = await http.get<Page<Unit>>('/units', { query: { limit: 500, cursor } });
        units.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
    } catch {
      return; // The feed tells of each crew with its next report.
    }

    this.#byCallSign.clear();
    for (const unit of units) this.#take(unit);
  }

  #take(unit: Unit | RemovedUnit): void {
    if ('isRemoved' in unit) this.#byCallSign.delete(unit.callSign);
    else this.#byCallSign.set(unit.callSign, unit);
  }
}

export const crews = new Crews();
