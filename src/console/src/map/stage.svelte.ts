import { http } from '$lib/api/client';
import type { FeatureCollection, MapConfig, Page, Feature, PlaceKind } from '$lib/api/types';
import type { Chart } from './chart';

/** Where the map opens when the server names no place: the old city of Zhangzhou. */
const usualConfig: MapConfig = { centre: [117.655, 24.513], zoom: 14, tiles: null };

type State = 'none' | 'loading' | 'ready' | 'failed';

/** The shared map, for the pages that use it: null until its code has come. */
class Stage {
  #chart = $state.raw<Chart | null>(null);
  #state = $state<State>('none');
  #config = $state.raw<MapConfig>(usualConfig);
  #configRead = false;
  #places = $state.raw<Partial<Record<PlaceKind, FeatureCollection>>>({});

  get chart(): Chart | null { return this.#chart; }
  get state(): State { return this.#state; }
  get config(): MapConfig { return this.#config; }

  /** The places of a kind as the server gave them, for lists and pickers. */
  places(kind: PlaceKind): Feature[] {
    return this.#places[kind]?.features ?? [];
  }

  async open(target: HTMLElement): Promise<void> {
    if (this.#state === 'loading' || this.#state === 'ready') return;
    this.#state = 'loading';
    try {
      const [config, { Chart: ChartClass }] = await Promise.all([fetchConfig(), import('./chart')]);
      this.#config = config;
      this.#configRead = true;
      this.#chart = new ChartClass(target, config);
      this.#chart.applyLayers();
      this.#state = 'ready';
      await this.readPlaces();
    } catch {
      this.#state = 'failed';
    }
  }

  /** Reads where the map begins and what lies under it, for pages without the map. */
  async readConfig(): Promise<void> {
    if (this.#configRead) return;
    this.#configRead = true;
    this.#config = await fetchConfig();
  }

  close(): void {
    this.#chart?.dispose();
    this.#chart = null;
    this.#state = 'none';
  }

  async readPlaces(): Promise<void> {
    await Promise.all((['areas', 'grids', 'zones', 'keySites', 'docks'] as const).map(async (kind) => {
      try {
        const collection = await readCollection(kind);
        this.#places = { ...this.#places, [kind]: collection };
        this.#chart?.places.set(kind, collection);
      } catch {
        // The map is useful without one of its layers; the page that needs this kind says that it is missing.
      }
    }));
  }
}

async function fetchConfig(): Promise<MapConfig> {
  try {
    return { ...usualConfig, ...(await http.get<MapConfig>('/map/config')) };
  } catch {
    return usualConfig;
  }
}

/** Places come as a GeoJSON collection or as pages of features. */
async function readCollection(kind: PlaceKind): Promise<FeatureCollection> {
  const features: Feature[] = [];
  let cursor: string | null = null;
  do {
    const page: FeatureCollection | Page<Feature> = await http.get(`/${kind}`, { query: { limit: 500, cursor } });
    features.push(...('features' in page ? page.features : page.items));
    cursor = 'nextCursor' in page ? page.nextCursor : null;
  } while (cursor);
  return { type: 'FeatureCollection', features };
}

export const stage = new Stage();
