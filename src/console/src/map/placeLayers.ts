import GeoJSON from 'ol/format/GeoJSON';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import type { Extent } from 'ol/extent';
import type { FeatureCollection, PlaceKind } from '$lib/api/types';
import type { Palette } from './palette';
import { placeKinds, placeStyle } from './places';
import type { ViewProjection } from './projection';

/** The city's own things: patrol areas, grids, zones, key sites, docks. Read once from the server, restyled with the theme. */
export class PlaceLayers {
  readonly kinds = placeKinds;
  readonly #layers = new Map<PlaceKind, VectorLayer<VectorSource>>();
  readonly #projection: ViewProjection;
  readonly #palette: () => Palette;

  constructor(projection: ViewProjection, palette: () => Palette) {
    this.#projection = projection;
    this.#palette = palette;
    for (const [index, kind] of placeKinds.entries()) {
      this.#layers.set(kind, new VectorLayer({ source: new VectorSource(), zIndex: 20 + index, declutter: 'places' }));
    }
  }

  get layers(): VectorLayer<VectorSource>[] {
    return [...this.#layers.values()];
  }

  set(kind: PlaceKind, collection: FeatureCollection): void {
    const source = this.#layers.get(kind)!.getSource()!;
    source.clear(true);
    source.addFeatures(new GeoJSON().readFeatures(collection, { featureProjection: this.#projection }));
  }

  show(kind: PlaceKind, shown: boolean): void {
    this.#layers.get(kind)!.setVisible(shown);
  }

  extent(kind: PlaceKind, id: string): Extent | null {
    const source = this.#layers.get(kind)!.getSource()!;
    const feature = source.getFeatureById(id) ?? source.getFeatures().find((candidate) => candidate.get('id') === id);
    return feature?.getGeometry()?.getExtent() ?? null;
  }

  restyle(): void {
    for (const [kind, layer] of this.#layers) layer.setStyle(placeStyle(kind, this.#palette()));
  }
}
