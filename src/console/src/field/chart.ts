/** The small map of the phone: the base map around the place, drawn once per view onto a canvas, and what moves on top of it. */
import type { BaseFeature } from './types';

export interface Mark {
  kind: 'place' | 'drone' | 'me';
  lon: number;
  lat: number;
  text: string;
  headingDeg?: number | null;
  faded?: boolean;
}

export interface ViewBox {
  lon: number;
  lat: number;
  /** Metres from one side of the picture to the other. */
  acrossM: number;
}

const metresPerDegree = 111_320;
const mainRoads = new Set(['motorway', 'trunk', 'primary', 'secondary']);

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Shows the place in the middle with everything that belongs to it, between 300 m and 4 km across. */
export function boxAround(place: { lon: number; lat: number }, others: readonly { lon: number; lat: number }[], aspect: number): ViewBox {
  const east = Math.cos((place.lat * Math.PI) / 180) * metresPerDegree;
  const reach = others.reduce((most, other) => Math.max(most, Math.abs(other.lon - place.lon) * east, Math.abs(other.lat - place.lat) * metresPerDegree * aspect), 0);
  return { ...place, acrossM: Math.min(4000, Math.max(300, reach * 2.5)) };
}

export class Chart {
  readonly #context: CanvasRenderingContext2D;
  #width = 1;
  #height = 1;
  #scale = 1;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d')!;
  }

  draw(view: ViewBox, ground: readonly BaseFeature[], marks: readonly Mark[], english: boolean): void {
    const { canvas } = this;
    const dots = Math.min(window.devicePixelRatio || 1, 3);
    this.#width = canvas.clientWidth;
    this.#height = canvas.clientHeight;
    canvas.width = Math.round(this.#width * dots);
    canvas.height = Math.round(this.#height * dots);
    this.#scale = this.#width / view.acrossM;
    const context = this.#context;
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.fillStyle = colour('surface');
    context.fillRect(0, 0, this.#width, this.#height);
    const at = this.#projection(view);
    const names: { text: string; x: number; y: number; angle: number; length: number }[] = [];
    for (const feature of ground) this.#ground(feature, at, names, english);
    this.#names(names);
    for (const mark of [...marks].sort((one, other) => order[one.kind] - order[other.kind])) this.#mark(mark, at);
    this.#ruler(view);
  }

  #projection(view: ViewBox): (lon: number, lat: number) => [number, number] {
    const east = Math.cos((view.lat * Math.PI) / 180) * metresPerDegree * this.#scale;
    const north = metresPerDegree * this.#scale;
    return (lon, lat) => [this.#width / 2 + (lon - view.lon) * east, this.#height / 2 - (lat - view.lat) * north];
  }

  #ground({ properties, geometry }: BaseFeature, at: (lon: number, lat: number) => [number, number], names: { text: string; x: number; y: number; angle: number; length: number }[], english: boolean): void {
    const context = this.#context;
    const lines = linesOf(geometry);
    context.beginPath();
    for (const line of lines) line.forEach(([lon, lat], index) => context[index === 0 ? 'moveTo' : 'lineTo'](...at(lon, lat)));
    const isArea = geometry.type.endsWith('Polygon');
    if (isArea) {
      context.fillStyle = colour(properties.layer === 'buildings' ? 'building' : properties.layer === 'water' ? 'water' : 'green');
      context.fill('evenodd');
      return;
    }
    const isMain = mainRoads.has(properties.kind ?? '');
    context.lineCap = context.lineJoin = 'round';
    context.strokeStyle = colour(properties.layer === 'water' ? 'water' : properties.layer === 'railways' ? 'text-2' : isMain ? 'road-main' : 'road');
    context.lineWidth = properties.layer === 'water' ? 3 : properties.layer === 'railways' ? 1 : Math.max(isMain ? 3 : 1.5, (isMain ? 14 : 7) * this.#scale);
    context.stroke();
    const name = properties.layer !== 'roads' ? undefined : english ? properties.nameEn : properties.nameZh;
    if (name) for (const line of lines) this.#nameAlong(name, line.map(([lon, lat]) => at(lon, lat)), names);
  }

  /** A name goes onto the longest straight piece of its street that lies in the picture. */
  #nameAlong(text: string, line: [number, number][], names: { text: string; x: number; y: number; angle: number; length: number }[]): void {
    let best = { x: 0, y: 0, angle: 0, length: 0 };
    for (let index = 1; index < line.length; index++) {
      const [[x0, y0], [x1, y1]] = [line[index - 1]!, line[index]!];
      const [x, y, length] = [(x0 + x1) / 2, (y0 + y1) / 2, Math.hypot(x1 - x0, y1 - y0)];
      if (length <= best.length || x < 30 || y < 20 || x > this.#width - 30 || y > this.#height - 20) continue;
      const angle = Math.atan2(y1 - y0, x1 - x0);
      best = { x, y, angle: Math.abs(angle) > Math.PI / 2 ? angle - Math.sign(angle) * Math.PI : angle, length };
    }
    if (best.length > 24) names.push({ text, ...best });
  }

  #names(names: { text: string; x: number; y: number; angle: number; length: number }[]): void {
    const context = this.#context;
    const written: { text: string; x: number; y: number }[] = [];
    context.font = '600 12px system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const name of names.sort((one, other) => other.length - one.length)) {
      if (written.length >= 12 || written.some((other) => other.text === name.text || Math.hypot(other.x - name.x, other.y - name.y) < 60)) continue;
      written.push(name);
      context.save();
      context.translate(name.x, name.y);
      context.rotate(name.angle);
      this.#write(name.text, 0, 0, 'road-name');
      context.restore();
    }
  }

  #write(text: string, x: number, y: number, tone: string): void {
    const context = this.#context;
    context.lineWidth = 3.5;
    context.lineJoin = 'round';
    context.strokeStyle = colour('surface');
    context.strokeText(text, x, y);
    context.fillStyle = colour(tone);
    context.fillText(text, x, y);
  }

  #mark(mark: Mark, at: (lon: number, lat: number) => [number, number]): void {
    const context = this.#context;
    const [x, y] = this.#inside(at(mark.lon, mark.lat));
    context.save();
    context.globalAlpha = mark.faded ? 0.55 : 1;
    context.translate(x, y);
    context.lineWidth = 2.5;
    context.strokeStyle = colour('surface');
    context.beginPath();
    if (mark.kind === 'place') {
      context.fillStyle = colour('warning-strong');
      context.arc(0, -14, 9, Math.PI * 0.85, Math.PI * 0.15);
      context.lineTo(0, 2);
      context.closePath();
    } else if (mark.kind === 'me') {
      context.fillStyle = colour('accent-strong');
      context.arc(0, 0, 8, 0, Math.PI * 2);
    } else {
      context.rotate(((mark.headingDeg ?? 0) * Math.PI) / 180);
      context.fillStyle = colour('normal');
      context.moveTo(0, -12);
      context.lineTo(9, 9);
      context.lineTo(0, 4);
      context.lineTo(-9, 9);
      context.closePath();
    }
    context.fill();
    context.stroke();
    context.restore();
    context.font = '700 13px system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'top';
    this.#write(mark.text, Math.min(Math.max(x, 26), this.#width - 26), y + (mark.kind === 'place' ? 5 : 12), 'text');
  }

  /** What lies outside the picture is shown at its edge, in its direction. */
  #inside([x, y]: [number, number]): [number, number] {
    return [Math.min(Math.max(x, 16), this.#width - 16), Math.min(Math.max(y, 24), this.#height - 34)];
  }

  #ruler(view: ViewBox): void {
    const metres = [50, 100, 200, 500, 1000, 2000].find((candidate) => candidate * this.#scale > this.#width / 6) ?? 2000;
    const context = this.#context;
    const [x, y, length] = [12, this.#height - 12, metres * (this.#width / view.acrossM)];
    context.strokeStyle = colour('text');
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x, y);
    context.lineTo(x + length, y);
    context.lineTo(x + length, y - 5);
    context.stroke();
    context.font = '600 12px system-ui, sans-serif';
    context.textAlign = 'left';
    context.textBaseline = 'bottom';
    this.#write(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x + 4, y - 3, 'text');
  }
}

const order = { me: 1, place: 0, drone: 2 } as const;

type Line = [number, number][];

function linesOf({ type, coordinates }: BaseFeature['geometry']): Line[] {
  switch (type) {
    case 'LineString': return [coordinates as Line];
    case 'Polygon':
    case 'MultiLineString': return coordinates as Line[];
    case 'MultiPolygon': return (coordinates as Line[][]).flat();
    default: return [];
  }
}
