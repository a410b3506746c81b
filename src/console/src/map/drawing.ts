import Feature from 'ol/Feature';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import Modify from 'ol/interaction/Modify';
import Draw from 'ol/interaction/Draw';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import type OlMap from 'ol/Map';
import { fromLonLat, toLonLat } from 'ol/proj';
import { Circle, Fill, Stroke, Style } from 'ol/style';
import type { LonLat } from '$lib/geo/measure';
import type { Palette } from './palette';
import { alpha } from './places';
import type { ViewProjection } from './projection';

export type Shape = 'polygon' | 'line';

/** Drawing one polygon or line by pointer. The corners themselves live with the page, where they are a list one can type into and undo. */
export class Drawing {
  readonly #map: OlMap;
  readonly #target: HTMLElement;
  readonly #projection: ViewProjection;
  readonly #palette: () => Palette;
  readonly #source = new VectorSource();
  readonly #layer = new VectorLayer({ source: this.#source, zIndex: 60, updateWhileInteracting: true });
  #draw: Draw | null = null;
  #modify: Modify | null = null;
  #onChange: ((corners: LonLat[]) => void) | null = null;
  #shape: Shape = 'polygon';

  constructor(map: OlMap, target: HTMLElement, projection: ViewProjection, palette: () => Palette) {
    this.#map = map;
    this.#target = target;
    this.#projection = projection;
    this.#palette = palette;
    map.addLayer(this.#layer);
  }

  get active(): boolean {
    return this.#onChange !== null;
  }

  /** Begins with the corners there are; with none, the pointer draws the first ones. `onChange` hears of every finished change. */
  start(shape: Shape, corners: readonly LonLat[], onChange: (corners: LonLat[]) => void): void {
    this.stop();
    this.#shape = shape;
    this.#onChange = onChange;
    this.show(corners);
  }

  stop(): void {
    this.#endInteractions();
    this.#onChange = null;
    this.#source.clear();
  }

  /** Shows corners changed elsewhere: typed, undone, redone. */
  show(corners: readonly LonLat[]): void {
    if (!this.#onChange) return;
    this.#endInteractions();
    this.#source.clear();
    const enough = corners.length >= (this.#shape === 'polygon' ? 3 : 2);
    const points = corners.map((corner) => fromLonLat([...corner], this.#projection));
    if (enough) {
      this.#source.addFeature(new Feature(this.#shape === 'polygon' ? new Polygon([[...points, points[0]!]]) : new LineString(points)));
      this.#modify = new Modify({ source: this.#source });
      this.#modify.on('modifyend', () => this.#report());
      this.#map.addInteraction(this.#modify);
      return;
    }
    this.#source.addFeatures(points.map((point) => new Feature(new Point(point))));
    this.#draw = new Draw({ source: this.#source, type: this.#shape === 'polygon' ? 'Polygon' : 'LineString', stopClick: true, style: this.#style() });
    this.#draw.on('drawstart', () => this.#source.clear());
    this.#draw.on('drawend', (event) => {
      const geometry = event.feature.getGeometry();
      const drawn = geometry instanceof Polygon ? geometry.getCoordinates()[0]!.slice(0, -1) : geometry instanceof LineString ? geometry.getCoordinates() : [];
      // The interaction is still at work on this event: take its shape over once it has finished.
      queueMicrotask(() => this.#onChange?.(drawn.map((point) => this.#toLonLat(point))));
    });
    this.#map.addInteraction(this.#draw);
    this.#target.style.cursor = 'crosshair';
  }

  restyle(): void {
    this.#layer.setStyle(this.#style());
  }

  #style(): Style {
    const palette = this.#palette();
    return new Style({
      stroke: new Stroke({ color: palette.accent, width: 2.5 }),
      fill: new Fill({ color: alpha(palette.accent, 0.14) }),
      image: new Circle({ radius: 6, fill: new Fill({ color: palette.surface }), stroke: new Stroke({ color: palette.accent, width: 2.5 }) }),
    });
  }

  #report(): void {
    const geometry = this.#source.getFeatures()[0]?.getGeometry();
    const points = geometry instanceof Polygon ? geometry.getCoordinates()[0]!.slice(0, -1) : geometry instanceof LineString ? geometry.getCoordinates() : [];
    this.#onChange?.(points.map((point) => this.#toLonLat(point)));
  }

  #toLonLat(point: number[]): LonLat {
    const [lon, lat] = toLonLat(point, this.#projection);
    return [lon!, lat!];
  }

  #endInteractions(): void {
    if (this.#draw) this.#map.removeInteraction(this.#draw);
    if (this.#modify) this.#map.removeInteraction(this.#modify);
    this.#draw = null;
    this.#modify = null;
    this.#target.style.cursor = '';
  }
}
