import Feature from 'ol/Feature';
import GeoJSON from 'ol/format/GeoJSON';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import type OlMap from 'ol/Map';
import { createEmpty, type Extent } from 'ol/extent';
import type { Pixel } from 'ol/pixel';
import { fromLonLat } from 'ol/proj';
import type { Geometry } from '$lib/api/types';
import type { CameraView } from '$lib/video/wire';
import { markStyle, pathStyle, viewStyle, type MarkKind, type PathKind } from './overlayStyles';
import type { Palette } from './palette';
import { unitStyle } from './places';
import type { ViewProjection } from './projection';

export interface Mark {
  kind: MarkKind;
  id: string;
  lon: number;
  lat: number;
  text?: string;
  selected?: boolean;
  /** Too old to be trusted. */
  stale?: boolean;
}

/** What pages put on the map for a while: routes, tracks, incident marks, targets. Each has a name; setting it again replaces it. */
export class Overlays {
  readonly #named = new Map<string, VectorLayer<VectorSource>>();
  readonly #projection: ViewProjection;
  readonly #palette: () => Palette;

  constructor(projection: ViewProjection, palette: () => Palette) {
    this.#projection = projection;
    this.#palette = palette;
    for (const [index, name] of ['view', 'route', 'track', 'units', 'incidents', 'target'].entries()) {
      this.#named.set(name, new VectorLayer({ source: new VectorSource(), zIndex: 40 + index, updateWhileInteracting: true }));
    }
  }

  get layers(): VectorLayer<VectorSource>[] {
    return [...this.#named.values()];
  }

  path(name: 'route' | 'track', kind: PathKind, geometry: Geometry | null): void {
    const source = this.#source(name);
    source.clear(true);
    if (!geometry) return;
    const feature = new Feature(new GeoJSON().readGeometry(geometry, { featureProjection: this.#projection }) ?? undefined);
    feature.set('pathKind', kind);
    source.addFeature(feature);
  }

  marks(name: 'incidents' | 'target' | 'units' | 'route', marks: readonly Mark[], keep = false): void {
    const source = this.#source(name);
    if (!keep) source.clear(true);
    source.addFeatures(marks.map((mark) => {
      const feature = new Feature(new Point(fromLonLat([mark.lon, mark.lat], this.#projection)));
      feature.setProperties({ mark, callSign: mark.text });
      return feature;
    }));
  }

  /** What a camera sees: the ground its picture covers, and the place in the middle of it. Null takes it off. */
  view(view: Pick<CameraView, 'camera' | 'center' | 'footprint'> | null): void {
    const source = this.#source('view');
    source.clear(true);
    if (!view) return;
    const at = (lon: number, lat: number): number[] => fromLonLat([lon, lat], this.#projection);
    const features: Feature[] = [];
    if (view.footprint?.length) features.push(new Feature(new Polygon([[...view.footprint, view.footprint[0]!].map(([lon, lat]) => at(lon, lat))])));
    if (view.center) {
      const center = at(view.center.lon, view.center.lat);
      features.push(new Feature(new LineString([at(view.camera.lon, view.camera.lat), center])), new Feature(new Point(center)));
    }
    source.addFeatures(features);
  }

  clear(name: string): void {
    this.#source(name).clear();
  }

  show(name: string, shown: boolean): void {
    this.#named.get(name)?.setVisible(shown);
  }

  extent(name: string): Extent {
    const source = this.#source(name);
    return source.getFeatures().length > 0 ? source.getExtent() ?? createEmpty() : createEmpty();
  }

  hit(map: OlMap, pixel: Pixel): { kind: string; id: string } | null {
    const incidents = this.#named.get('incidents')!;
    const mark = map.forEachFeatureAtPixel(pixel, (feature) => feature.get('mark') as Mark | undefined, {
      layerFilter: (layer) => layer === incidents,
      hitTolerance: 6,
    });
    return mark ? { kind: mark.kind, id: mark.id } : null;
  }

  restyle(): void {
    const palette = this.#palette();
    const units = unitStyle(palette);
    const marks = markStyle(palette);
    const paths = pathStyle(palette);
    const views = viewStyle(palette);
    for (const [name, layer] of this.#named) {
      layer.setStyle((feature, resolution) =>
        name === 'units' ? units(feature, resolution) : name === 'view' ? views : feature.get('mark') ? marks(feature) : paths(feature, resolution));
    }
  }

  #source(name: string): VectorSource {
    return this.#named.get(name)!.getSource()!;
  }
}
