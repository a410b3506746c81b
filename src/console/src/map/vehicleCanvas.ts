import { getHeight, getWidth } from 'ol/extent';
import { transform } from 'ol/proj';
import type OlMap from 'ol/Map';
import { freshness, type FleetBook, type Freshness, type Track } from '$lib/feed/fleetBook';
import type { Palette } from './palette';
import { drawVehicle, labelSprite } from './vehicleSprites';

export interface VehicleCanvasOptions {
  book: FleetBook;
  feedLive: () => boolean;
  palette: () => Palette;
  showTrails: () => boolean;
  showLabels: () => boolean;
}

/** Beyond this many vehicles labels appear only for the selected one and when zoomed in, or they would be a grey mass. */
const labelsAtMost = 80;
const labelsFromZoom = 15;
const trailsAtMost = 60;
const hitRadiusPx = 18;

interface Drawn {
  id: string;
  x: number;
  y: number;
}

/**
 * All vehicles and their trails on one canvas above the map. The map's own layers are not redrawn when vehicles move, which
 * is what keeps five hundred of them at five updates a second cheap: one pass over the book per animation frame at most.
 */
export class VehicleCanvas {
  selected: string | null = null;
  hovered: string | null = null;
  readonly #canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D;
  readonly #map: OlMap;
  readonly #options: VehicleCanvasOptions;
  readonly #projected = new Map<string, { lon: number; lat: number; x: number; y: number }>();
  #drawn: Drawn[] = [];
  #frame = 0;
  readonly #stop: () => void;
  readonly #ageTimer: ReturnType<typeof setInterval>;

  constructor(map: OlMap, options: VehicleCanvasOptions) {
    this.#map = map;
    this.#options = options;
    this.#context = this.#canvas.getContext('2d')!;
    this.#canvas.className = 'vehicle-canvas';
    this.#canvas.style.cssText = 'position:absolute;inset:0;pointer-events:none;width:100%;height:100%';
    this.#canvas.setAttribute('aria-hidden', 'true');
    map.getViewport()!.querySelector('.ol-overlaycontainer')!.before(this.#canvas);
    // The view's movement is drawn in the same frame as the map, or vehicles would swim over the streets.
    map.on('postrender', () => this.#draw());
    this.#stop = options.book.listen(() => this.invalidate());
    this.#ageTimer = setInterval(() => this.invalidate(), 1000);
  }

  dispose(): void {
    this.#stop();
    clearInterval(this.#ageTimer);
    cancelAnimationFrame(this.#frame);
    this.#canvas.remove();
  }

  invalidate(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** Forgets where things were projected to, when the projection changes. */
  forgetProjection(): void {
    this.#projected.clear();
    this.invalidate();
  }

  /** The vehicle nearest to a pixel, within a finger's width. */
  hit(x: number, y: number): string | null {
    let best: string | null = null;
    let bestDistance = hitRadiusPx * hitRadiusPx;
    for (const drawn of this.#drawn) {
      const d = (drawn.x - x) ** 2 + (drawn.y - y) ** 2;
      if (d < bestDistance) {
        bestDistance = d;
        best = drawn.id;
      }
    }
    return best;
  }

  #draw(): void {
    const size = this.#map.getSize();
    const view = this.#map.getView();
    const resolution = view.getResolution();
    const centre = view.getCenter();
    if (!size || !resolution || !centre) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [size[0]!, size[1]!];
    if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(height * ratio);
    }
    const context = this.#context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const extent = view.calculateExtent(size);
    const scaleX = width / getWidth(extent);
    const scaleY = height / getHeight(extent);
    const toPixel = (x: number, y: number): [number, number] => [(x - extent[0]!) * scaleX, (extent[3]! - y) * scaleY];

    const { tracks } = this.#options.book;
    const now = performance.now();
    const feedLive = this.#options.feedLive();
    const palette = this.#options.palette();
    const zoom = view.getZoom() ?? 0;
    const everyTrail = this.#options.showTrails() && tracks.size <= trailsAtMost;
    for (const [id, track] of tracks) {
      if (everyTrail || id === this.selected) this.#drawTrail(track, id === this.selected, toPixel, palette);
    }
    const labels = this.#options.showLabels() && (tracks.size <= labelsAtMost || zoom >= labelsFromZoom);
    const drawn: Drawn[] = [];
    let last: [Track, Freshness, number, number] | null = null;
    for (const [id, track] of tracks) {
      const place = this.#place(id, track);
      if (!place) continue;
      const [x, y] = toPixel(place.x, place.y);
      if (x < -60 || y < -60 || x > width + 60 || y > height + 60) continue;
      drawn.push({ id, x, y });
      const fresh = freshness(track, now, feedLive);
      if (id === this.selected) last = [track, fresh, x, y];
      else this.#drawOne(track, fresh, x, y, labels || id === this.hovered, palette, now);
    }
    // The selected vehicle is never hidden under another.
    if (last) this.#drawOne(last[0], last[1], last[2], last[3], true, palette, now);
    this.#drawn = drawn;
  }

  #drawOne(track: Track, fresh: Freshness, x: number, y: number, labelled: boolean, palette: Palette, now: number): void {
    const { vehicle } = track;
    const selected = vehicle.id === this.selected;
    drawVehicle(this.#context, { x, y, vehicle, fresh, selected, hovered: vehicle.id === this.hovered, rotation: this.#map.getView().getRotation() }, palette);
    if (!labelled) return;
    const sprite = labelSprite(track, fresh, selected, palette, now);
    this.#context.drawImage(sprite.canvas, Math.round(x + 15), Math.round(y - sprite.height / 2), sprite.width, sprite.height);
  }

  #place(id: string, track: Track): { x: number; y: number } | null {
    const { position } = track.vehicle;
    if (!position) return null;
    const known = this.#projected.get(id);
    if (known && known.lon === position.lon && known.lat === position.lat) return known;
    const [x, y] = transform([position.lon, position.lat], 'EPSG:4326', this.#map.getView().getProjection());
    const place = { lon: position.lon, lat: position.lat, x: x!, y: y! };
    this.#projected.set(id, place);
    return place;
  }

  #drawTrail(track: Track, selected: boolean, toPixel: (x: number, y: number) => [number, number], palette: Palette): void {
    const { trail } = track;
    if (trail.length < 4) return;
    const projection = this.#map.getView().getProjection();
    const context = this.#context;
    context.lineWidth = selected ? 2.5 : 1.5;
    context.lineJoin = 'round';
    context.strokeStyle = selected ? palette.accent : palette.text;
    const parts = 4;
    const points = trail.length / 2;
    // Older quarters are fainter: the trail says which way without an arrow.
    for (let part = 0; part < parts; part++) {
      const from = Math.floor((points * part) / parts);
      const to = Math.min(points - 1, Math.floor((points * (part + 1)) / parts));
      context.globalAlpha = (selected ? 0.9 : 0.4) * ((part + 1) / parts);
      context.beginPath();
      for (let i = from; i <= to; i++) {
        const [mx, my] = transform([trail[i * 2]!, trail[i * 2 + 1]!], 'EPSG:4326', projection);
        const [x, y] = toPixel(mx!, my!);
        if (i === from) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

