import type { FeatureLike } from 'ol/Feature';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import { Circle, Fill, Icon, RegularShape, Stroke, Style, Text } from 'ol/style';
import type { Mark } from './overlays';
import type { Palette } from './palette';
import { alpha, label } from './places';

export type PathKind = 'planned' | 'flown';
export type MarkKind = 'incident' | 'incidentClosed' | 'target' | 'finding' | 'takeoff' | 'landing' | 'unit';

export function pathStyle(palette: Palette): (feature: FeatureLike, resolution: number) => Style[] {
  return (feature, resolution) => {
    const planned = feature.get('pathKind') === 'planned';
    const colour = planned ? palette.accent : palette.caution;
    const styles = [
      new Style({ stroke: new Stroke({ color: palette.halo, width: 5 }) }),
      new Style({ stroke: new Stroke({ color: colour, width: 2.5 }) }),
    ];
    const geometry = feature.getGeometry();
    const lines = geometry instanceof LineString ? [geometry] : [];
    for (const line of lines) styles.push(...arrows(line, resolution, colour, palette));
    return styles;
  };
}

/** A camera's view: one style for its ground, the line to it and its middle, each taking what its shape can use. */
export function viewStyle(palette: Palette): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: palette.halo, width: 4 }) }),
    new Style({
      fill: new Fill({ color: alpha(palette.advisory, 0.16) }),
      stroke: new Stroke({ color: palette.advisory, width: 1.8, lineDash: [7, 4] }),
      image: new RegularShape({ points: 4, radius: 9, radius2: 0, stroke: new Stroke({ color: palette.advisory, width: 2.5 }) }),
    }),
  ];
}

/** Arrow heads about every 90 pixels: which way a lawnmower runs cannot be told from the line. */
function arrows(line: LineString, resolution: number, colour: string, palette: Palette): Style[] {
  const styles: Style[] = [];
  const step = 90 * resolution;
  let travelled = step / 2;
  let along = 0;
  line.forEachSegment((from, to) => {
    const dx = to[0]! - from[0]!;
    const dy = to[1]! - from[1]!;
    const length = Math.hypot(dx, dy);
    while (travelled <= along + length && styles.length < 120) {
      const f = (travelled - along) / length;
      styles.push(new Style({
        geometry: new Point([from[0]! + dx * f, from[1]! + dy * f]),
        image: new RegularShape({
          points: 3,
          radius: 6,
          rotation: Math.atan2(dx, dy),
          fill: new Fill({ color: colour }),
          stroke: new Stroke({ color: palette.halo, width: 1.5 }),
        }),
      }));
      travelled += step;
    }
    along += length;
  });
  return styles;
}

export function markStyle(palette: Palette): (feature: FeatureLike) => Style | Style[] {
  return (feature) => {
    const mark = feature.get('mark') as Mark;
    switch (mark.kind) {
      case 'unit': // Has a layer and a style of its own.
        return [];
      case 'incident':
      case 'incidentClosed': {
        const colour = mark.kind === 'incidentClosed' ? palette.stale : palette.warning;
        return [
          new Style({ image: new Icon({ src: pin(colour, palette, mark.selected ?? false), anchor: [0.5, 1], width: mark.selected ? 34 : 28 }), zIndex: mark.selected ? 10 : 1 }),
          ...(mark.text ? [new Style({ text: label(mark.text, palette, { size: 12, weight: 600, offsetY: mark.selected ? -50 : -43 }), zIndex: 2 })] : []),
        ];
      }
      case 'target':
        return [
          new Style({ image: new Circle({ radius: 13, stroke: new Stroke({ color: palette.accent, width: 2 }) }) }),
          new Style({ image: new RegularShape({ points: 4, radius: 18, radius2: 0, stroke: new Stroke({ color: palette.accent, width: 2 }) }), ...(mark.text ? { text: label(mark.text, palette, { offsetY: 26, weight: 600 }) } : {}) }),
        ];
      case 'finding':
        return new Style({
          image: new RegularShape({ points: 3, radius: 10, fill: new Fill({ color: palette.warning }), stroke: new Stroke({ color: palette.halo, width: 2 }) }),
          text: new Text({ text: '!', font: `700 11px ${palette.font}`, fill: new Fill({ color: '#fff' }), offsetY: 1 }),
        });
      case 'takeoff':
      case 'landing':
        return new Style({
          image: new Circle({ radius: 7, fill: new Fill({ color: mark.kind === 'takeoff' ? palette.normal : palette.surface }), stroke: new Stroke({ color: palette.normal, width: 2.5 }) }),
          ...(mark.text ? { text: label(mark.text, palette, { offsetY: -19, weight: 600 }) } : {}),
        });
    }
  };
}

function pin(colour: string, palette: Palette, selected: boolean): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="56" height="68" viewBox="0 0 28 34"><path d="M14 33C14 33 26 20.5 26 13A12 12 0 0 0 2 13C2 20.5 14 33 14 33Z" fill="${colour}" stroke="${selected ? (palette.dark ? '#fff' : '#000') : palette.halo}" stroke-width="2"/><path d="M14 6.5v8M14 18.2v.6" stroke="${palette.dark ? '#14060a' : '#fff'}" stroke-width="3" stroke-linecap="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
