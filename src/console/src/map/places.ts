import type { FeatureLike } from 'ol/Feature';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import { Circle, Fill, Icon, RegularShape, Stroke, Style, Text } from 'ol/style';
import type { PlaceKind } from '$lib/api/types';
import { placeName } from '$lib/i18n/index.svelte';
import { upperEdge } from './labelPlace';
import type { Palette } from './palette';

/** Lowest first; where two names collide, the one of the higher kind stays. */
export const placeKinds: readonly PlaceKind[] = ['grids', 'zones', 'areas', 'keySites', 'docks'];

type Styler = (feature: FeatureLike, resolution: number) => Style | Style[] | undefined;

/** What each kind of place looks like. Never by colour alone: zones are hatched by effect, docks square, key sites diamond. */
export function placeStyle(kind: PlaceKind, palette: Palette): Styler {
  switch (kind) {
    case 'areas': return areaStyle(palette);
    case 'grids': return gridStyle(palette);
    case 'zones': return zoneStyle(palette);
    case 'keySites': return keySiteStyle(palette);
    case 'docks': return dockStyle(palette);
  }
}

export function label(text: string, palette: Palette, options: { size?: number; weight?: number; colour?: string; offsetY?: number; placement?: 'point' | 'line' } = {}): Text {
  return new Text({
    text,
    font: `${options.weight ?? 500} ${options.size ?? 12}px ${palette.font}`,
    fill: new Fill({ color: options.colour ?? palette.label }),
    stroke: new Stroke({ color: palette.halo, width: 3 }),
    offsetY: options.offsetY ?? 0,
    placement: options.placement ?? 'point',
    overflow: false,
    padding: [2, 2, 2, 2],
  });
}

function areaStyle(palette: Palette): Styler {
  const outline = new Style({
    stroke: new Stroke({ color: palette.accent, width: 1.5, lineDash: [8, 5] }),
    fill: new Fill({ color: alpha(palette.accent, 0.05) }),
  });
  return (feature, resolution) => resolution < 20
    ? [outline, edgeName(feature, label(placeName(feature.getProperties()), palette, { weight: 600, colour: palette.accent, size: 13, offsetY: 11 }))]
    : outline;
}

/** A name on the upper edge of what it names; a line carries it in its middle. */
function edgeName(feature: FeatureLike, text: Text): Style {
  const geometry = feature.getGeometry();
  const at = geometry instanceof Polygon ? upperEdge(geometry.getCoordinates()[0] ?? []) : null;
  return new Style({ text, ...(at ? { geometry: new Point(at) } : {}) });
}

function gridStyle(palette: Palette): Styler {
  return (feature, resolution) => new Style({
    stroke: new Stroke({ color: alpha(palette.advisory, 0.55), width: 1 }),
    fill: new Fill({ color: alpha(palette.advisory, 0.02) }),
    ...(resolution < 14 ? { text: label(placeName(feature.getProperties()), palette, { colour: palette.advisory, size: 11 }) } : {}),
  });
}

function zoneStyle(palette: Palette): Styler {
  const keepOut = hatch(palette.warning, 0.35);
  const caution = hatch(palette.caution, 0.28);
  const noRecord = hatch(palette.advisory, 0.25);
  return (feature, resolution) => {
    const effect = String(feature.get('effect') ?? feature.get('kind') ?? '').toLowerCase();
    if (effect === 'keepin') return new Style({ stroke: new Stroke({ color: palette.normal, width: 1.5, lineDash: [12, 4, 2, 4] }) });
    const name = placeName(feature.getProperties());
    const [colour, fill] = effect === 'keepout' ? [palette.warning, keepOut] as const : effect === 'norecord' ? [palette.advisory, noRecord] as const : [palette.caution, caution] as const;
    const outline = new Style({ stroke: new Stroke({ color: colour, width: 1.5 }), fill: new Fill({ color: fill }) });
    return resolution < 10 ? [outline, edgeName(feature, label(name, palette, { colour, weight: 600, offsetY: -9 }))] : outline;
  };
}

function keySiteStyle(palette: Palette): Styler {
  const shape = new RegularShape({ points: 4, radius: 6, fill: new Fill({ color: palette.caution }), stroke: new Stroke({ color: palette.halo, width: 1.5 }) });
  const small = new RegularShape({ points: 4, radius: 4, fill: new Fill({ color: palette.caution }), stroke: new Stroke({ color: palette.halo, width: 1 }) });
  return (feature, resolution) => {
    const important = Number(feature.get('priority') ?? 3) <= 1;
    if (resolution > 22 && !important) return undefined;
    return new Style({
      image: resolution > 12 ? small : shape,
      ...(resolution < 5 || (important && resolution < 9) ? { text: label(placeName(feature.getProperties()), palette, { size: 11, offsetY: 14, colour: palette.label }) } : {}),
      zIndex: important ? 2 : 1,
    });
  };
}

function dockStyle(palette: Palette): Styler {
  const image = new Icon({ src: dockImage(palette), width: 22 });
  return (feature, resolution) => new Style({
    image,
    zIndex: 5,
    ...(resolution < 12 ? { text: label(placeName(feature.getProperties()), palette, { size: 12, weight: 600, offsetY: 20 }) } : {}),
  });
}

function dockImage(palette: Palette): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="44" height="44" viewBox="0 0 22 22"><rect x="1.5" y="1.5" width="19" height="19" rx="4" fill="${palette.surface}" stroke="${palette.normal}" stroke-width="2"/><path d="M7.5 6v10M14.5 6v10M7.5 11h7" stroke="${palette.normal}" stroke-width="2.2" stroke-linecap="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function unitStyle(palette: Palette): Styler {
  const dot = (colour: string): Circle => new Circle({ radius: 6, fill: new Fill({ color: colour }), stroke: new Stroke({ color: palette.halo, width: 2 }) });
  const [fresh, stale] = [dot(palette.advisory), dot(alpha(palette.advisory, 0.35))];
  return (feature) => new Style({
    image: (feature.get('mark') as { stale?: boolean } | undefined)?.stale ? stale : fresh,
    text: label(String(feature.get('callSign') ?? ''), palette, { size: 11, offsetY: 14 }),
  });
}

export function alpha(colour: string, opacity: number): string {
  const hex = colour.replace('#', '');
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}

function hatch(colour: string, opacity: number): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = 10;
  tile.height = 10;
  const context = tile.getContext('2d')!;
  context.strokeStyle = alpha(colour, opacity);
  context.lineWidth = 1.5;
  context.beginPath();
  for (const offset of [-10, 0, 10]) {
    context.moveTo(offset, 10);
    context.lineTo(offset + 10, 0);
  }
  context.stroke();
  context.fillStyle = alpha(colour, opacity * 0.25);
  context.fillRect(0, 0, 10, 10);
  return context.createPattern(tile, 'repeat') ?? alpha(colour, opacity * 0.4);
}
