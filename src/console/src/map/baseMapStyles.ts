import type { FeatureLike } from 'ol/Feature';
import { Fill, Stroke, Style } from 'ol/style';
import { placeName } from '$lib/i18n/index.svelte';
import type { Palette } from './palette';
import { label } from './places';

/** The files of the base map, lowest first. */
export const baseMapFiles = ['districts', 'blocks', 'parks', 'water', 'roads', 'bridges', 'labels'] as const;
export type BaseMapFile = (typeof baseMapFiles)[number];

type Styler = (feature: FeatureLike, resolution: number) => Style | Style[] | undefined;

export function baseMapStyle(file: BaseMapFile, palette: Palette): Styler {
  switch (file) {
    case 'districts': return () => new Style({ stroke: new Stroke({ color: palette.boundary, width: 1, lineDash: [6, 4] }) });
    case 'blocks': return () => new Style({ fill: new Fill({ color: palette.block }), stroke: new Stroke({ color: palette.blockLine, width: 1 }) });
    case 'parks': return () => new Style({ fill: new Fill({ color: palette.park }) });
    case 'water': return () => new Style({ fill: new Fill({ color: palette.water }), stroke: new Stroke({ color: palette.waterLine, width: 1 }) });
    case 'roads':
    case 'bridges': return roadStyle(palette);
    case 'labels': return (feature) => new Style({ text: label(placeName(feature.getProperties()), palette) });
  }
}

function roadStyle(palette: Palette): Styler {
  return (feature, resolution) => {
    const kind = String(feature.get('class') ?? feature.get('kind') ?? 'residential');
    const width = (kind === 'trunk' ? 22 : kind === 'primary' ? 18 : kind === 'secondary' ? 13 : 7) / Math.max(resolution, 1.2);
    if (resolution > 12 && kind !== 'trunk' && kind !== 'primary') return undefined;
    return [
      new Style({ stroke: new Stroke({ color: palette.roadCasing, width: Math.max(1.6, width) + 1.4 }) }),
      new Style({ stroke: new Stroke({ color: kind === 'trunk' || kind === 'primary' ? palette.roadMajor : palette.road, width: Math.max(1, width) }), zIndex: 1 }),
    ];
  };
}
