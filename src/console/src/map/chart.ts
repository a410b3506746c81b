import OlMap from 'ol/Map';
import View from 'ol/View';
import { defaults as defaultInteractions } from 'ol/interaction/defaults';
import type BaseLayer from 'ol/layer/Base';
import ScaleLine from 'ol/control/ScaleLine';
import type { Coordinate } from 'ol/coordinate';
import { boundingExtent, createEmpty, extend, isEmpty, type Extent } from 'ol/extent';
import { fromLonLat, toLonLat } from 'ol/proj';
import type { MapConfig, PlaceKind } from '$lib/api/types';
import { feed } from '$lib/feed/feed.svelte';
import { preferences } from '$lib/preferences.svelte';
import { baseMapLayers } from './baseMap';
import { Drawing } from './drawing';
import { Overlays } from './overlays';
import { readPalette, type Palette } from './palette';
import { PlaceLayers } from './placeLayers';
import { viewProjection, type ViewProjection } from './projection';
import { tileLayer } from './tiles';
import { VehicleCanvas } from './vehicleCanvas';

export interface ChartClick {
  lon: number;
  lat: number;
  vehicleId: string | null;
  /** A marked thing under the pointer, such as an incident, by the kind and id it was put there with. */
  mark: { kind: string; id: string } | null;
}

type ClickListener = (click: ChartClick) => boolean | void;

/**
 * The one map of the console. Pages put things on it and take them off again; it outlives them all and keeps its place.
 * Coordinates in and out are WGS-84 degrees, longitude first.
 */
export class Chart {
  readonly map: OlMap;
  readonly projection: ViewProjection;
  readonly vehicles: VehicleCanvas;
  readonly places: PlaceLayers;
  readonly overlays: Overlays;
  readonly drawing: Drawing;
  readonly #target: HTMLElement;
  #palette: Palette;
  #padding: [number, number, number, number] = [0, 0, 0, 0];
  #followed: string | null = null;
  readonly #clickListeners: ClickListener[] = [];
  readonly #base: ReturnType<typeof baseMapLayers>;
  readonly #tiles: BaseLayer | null;
  readonly #config: MapConfig;
  readonly #stopFollowing: () => void;

  constructor(target: HTMLElement, config: MapConfig) {
    this.#target = target;
    this.#config = config;
    this.#palette = readPalette();
    this.projection = viewProjection(config.tiles);
    this.#base = baseMapLayers(this.projection, () => this.#palette);
    this.#tiles = config.tiles ? tileLayer(config.tiles, this.projection) : null;
    this.places = new PlaceLayers(this.projection, () => this.#palette);
    this.overlays = new Overlays(this.projection, () => this.#palette);
    const layers = [...this.#base.layers, ...(this.#tiles ? [this.#tiles] : []), ...this.places.layers, ...this.overlays.layers];
    this.map = new OlMap({
      target,
      layers,
      controls: [new ScaleLine({ minWidth: 80 })],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      view: new View({
        projection: this.projection,
        center: fromLonLat(config.centre, this.projection),
        zoom: config.zoom,
        minZoom: 9,
        maxZoom: 20,
        smoothResolutionConstraint: true,
      }),
    });
    this.vehicles = new VehicleCanvas(this.map, {
      book: feed.book,
      feedLive: () => feed.live,
      palette: () => this.#palette,
      showTrails: () => preferences.layer('trails'),
      showLabels: () => preferences.layer('labels'),
    });
    this.drawing = new Drawing(this.map, target, this.projection, () => this.#palette);
    this.#base.load();
    this.#listen();
    this.#stopFollowing = feed.book.listen(() => this.#keepFollowing());
    this.applyTheme();
  }

  dispose(): void {
    this.#stopFollowing();
    this.vehicles.dispose();
    this.map.setTarget(undefined);
    this.map.dispose();
  }

  get hasTiles(): boolean {
    return this.#tiles !== null;
  }

  /** The newest listener is asked first; one that answers true has dealt with the click. */
  onClick(listener: ClickListener): () => void {
    this.#clickListeners.push(listener);
    return () => {
      const index = this.#clickListeners.indexOf(listener);
      if (index >= 0) this.#clickListeners.splice(index, 1);
    };
  }

  applyTheme(): void {
    this.#palette = readPalette();
    this.#target.style.background = this.#palette.land;
    this.#base.restyle();
    this.places.restyle();
    this.overlays.restyle();
    this.drawing.restyle();
    this.vehicles.invalidate();
  }

  applyLayers(): void {
    for (const kind of this.places.kinds) this.places.show(kind, preferences.layer(kind));
    this.#tiles?.setVisible(preferences.layer('tiles'));
    for (const layer of this.#base.layers) layer.setVisible(this.#tiles === null || !preferences.layer('tiles'));
    this.overlays.show('units', preferences.layer('units'));
    this.overlays.show('incidents', preferences.layer('incidents'));
    this.vehicles.invalidate();
  }

  /** Room taken by panels over the map: what is centred or fitted stays clear of them. */
  setPadding({ left, right, bottom }: { left: number; right: number; bottom: number }): void {
    this.#padding = [24, right + 24, bottom + 24, left + 24];
  }

  zoomBy(steps: number): void {
    const view = this.map.getView();
    view.animate({ zoom: (view.getZoom() ?? 13) + steps, duration: 150 });
  }

  /** Brings a place into sight where it is not, and leaves the map alone where it is. */
  reveal(lon: number, lat: number): void {
    const [top, right, bottom, left] = this.#padding;
    const size = this.map.getSize();
    const pixel = this.map.getPixelFromCoordinate(fromLonLat([lon, lat], this.projection));
    const isSeen = size && pixel && pixel[0]! > left && pixel[0]! < size[0]! - right && pixel[1]! > top && pixel[1]! < size[1]! - bottom;
    if (!isSeen) this.centreOn(lon, lat);
  }

  centreOn(lon: number, lat: number, zoom?: number): void {
    const view = this.map.getView();
    const target = fromLonLat([lon, lat], this.projection);
    const resolution = zoom ? view.getResolutionForZoom(zoom) : (view.getResolution() ?? 10);
    view.animate({
      center: this.#centreFor(target, resolution),
      ...(zoom ? { zoom } : {}),
      duration: 180,
    });
  }

  /** Shows all of the given points; a single one is centred. */
  fitPoints(points: readonly (readonly [number, number])[], maxZoom = 16): void {
    if (points.length === 0) return;
    this.#fit(boundingExtent(points.map((point) => fromLonLat([...point], this.projection))), maxZoom);
  }

  fitAll(): void {
    const points = [...feed.book.tracks.values()]
      .flatMap(({ vehicle }) => (vehicle.position ? [[vehicle.position.lon, vehicle.position.lat] as const] : []));
    if (points.length > 0) this.fitPoints(points, 15);
    else this.map.getView().animate({ center: fromLonLat(this.#config.centre, this.projection), zoom: this.#config.zoom, duration: 180 });
  }

  fitOverlay(name: string): void {
    const extent = extend(createEmpty(), this.overlays.extent(name));
    if (!isEmpty(extent)) this.#fit(extent, 17);
  }

  fitPlace(kind: PlaceKind, id: string): void {
    const extent = this.places.extent(kind, id);
    if (extent) this.#fit(extent, 16);
  }

  follow(id: string | null): void {
    this.#followed = id;
    this.#keepFollowing();
  }

  select(id: string | null): void {
    this.vehicles.selected = id;
    this.vehicles.invalidate();
  }

  #fit(extent: Extent, maxZoom: number): void {
    this.map.getView().fit(extent, { padding: this.#padding.map((side) => side + 40), maxZoom, duration: 200 });
  }

  #keepFollowing(): void {
    const position = this.#followed ? feed.book.tracks.get(this.#followed)?.vehicle.position : null;
    if (!position) return;
    const view = this.map.getView();
    const target = fromLonLat([position.lon, position.lat], this.projection);
    const resolution = view.getResolution() ?? 1;
    view.setCenter(this.#centreFor(target, resolution));
  }

  /** The centre of the view that puts a place in the middle of what the panels leave of it. */
  #centreFor(place: Coordinate, resolution: number): Coordinate {
    const [top, right, bottom, left] = this.#padding;
    return [place[0]! + ((right - left) / 2) * resolution, place[1]! - ((bottom - top) / 2) * resolution];
  }

  #listen(): void {
    this.map.on('singleclick', (event) => {
      if (this.drawing.active) return;
      const [lon, lat] = toLonLat(event.coordinate, this.projection);
      const click: ChartClick = {
        lon: lon!,
        lat: lat!,
        vehicleId: this.vehicles.hit(event.pixel[0]!, event.pixel[1]!),
        mark: this.overlays.hit(this.map, event.pixel),
      };
      for (const listener of [...this.#clickListeners].reverse()) if (listener(click)) return;
    });
    this.map.on('pointermove', (event) => {
      if (event.dragging) return;
      const hit = this.vehicles.hit(event.pixel[0]!, event.pixel[1]!);
      if (hit !== this.vehicles.hovered) {
        this.vehicles.hovered = hit;
        this.vehicles.invalidate();
      }
      if (!this.drawing.active) this.#target.style.cursor = hit || this.overlays.hit(this.map, event.pixel) ? 'pointer' : this.cursor;
    });
    this.map.on('pointerdrag', () => this.follow(null));
  }

  /** What the pointer looks like where there is nothing under it: a cross while a place is being asked for. */
  cursor = '';
}
