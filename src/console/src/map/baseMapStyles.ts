import type { FeatureLike } from 'ol/Feature';
import { Fill, Stroke, Style } from 'ol/style';
import { placeName } from '$lib/i18n/index.svelte';
import type { Palette } from './palette';
import { alpha, label } from './places';

/** The files of the base map, lowest first. */
export const baseMapFiles = ['blocks', 'water', 'green', 'buildings', 'districts', 'railways', 'roads', 'bridges', 'places'] as const;
export type BaseMapFile = (typeof baseMapFiles)[number];

/** The files whose things have names on the map. */
export const namedFiles: readonly BaseMapFile[] = ['roads', 'bridges', 'places'];

type Styler = (feature: FeatureLike, resolution: number) => Style | Style[] | undefined;

/** How the ground is drawn, without its names: names are set where they do not collide, the ground always. */
export function groundStyle(file: BaseMapFile, palette: Palette): Styler {
  switch (file) {
    case 'blocks': return blockStyle(palette);
    case 'water': return waterStyle(palette);
    case 'green': return greenStyle(palette);
    case 'buildings': return buildingStyle(palette);
    case 'districts': return districtStyle(palette);
    case 'railways': return railwayStyle(palette);
    case 'roads': return roadStyle(palette);
    case 'bridges': return bridgeStyle(palette);
    case 'places': return () => undefined;
  }
}

export function nameStyle(file: BaseMapFile, palette: Palette): Styler {
  return file === 'places' ? placeNameStyle(palette) : roadNameStyle(file, palette);
}

function blockStyle(palette: Palette): Styler {
  const plain = new Style({ fill: new Fill({ color: palette.block }) });
  const old = new Style({ fill: new Fill({ color: palette.blockOld }) });
  return (feature, resolution) => (resolution > 30 ? undefined : feature.get('use') === 'Old' ? old : plain);
}

function buildingStyle(palette: Palette): Styler {
  const stroke = new Stroke({ color: palette.blockLine, width: 0.6 });
  const plain = new Style({ fill: new Fill({ color: palette.building }), stroke });
  const old = new Style({ fill: new Fill({ color: palette.buildingOld }) });
  return (feature, resolution) => (resolution > 2.6 ? undefined : feature.get('use') === 'Old' ? old : plain);
}

function waterStyle(palette: Palette): Styler {
  const style = new Style({ fill: new Fill({ color: palette.water }), stroke: new Stroke({ color: palette.waterLine, width: 1 }) });
  return (feature, resolution) => (feature.get('kind') === 'Pond' && resolution > 12 ? undefined : style);
}

function greenStyle(palette: Palette): Styler {
  const park = new Style({ fill: new Fill({ color: palette.park }) });
  const field = new Style({ fill: new Fill({ color: alpha(palette.park, 0.5) }) });
  // Hills rise in three steps, each a little denser than the one below.
  const hill = new Style({ fill: new Fill({ color: alpha(palette.hill, palette.dark ? 0.55 : 0.4) }) });
  return (feature) => {
    const kind = feature.get('kind');
    return kind === 'Hill' ? hill : kind === 'Farmland' ? field : park;
  };
}

function districtStyle(palette: Palette): Styler {
  const district = new Style({ stroke: new Stroke({ color: palette.boundary, width: 1.2, lineDash: [10, 4, 2, 4] }) });
  const part = new Style({ stroke: new Stroke({ color: alpha(palette.boundary, 0.5), width: 1, lineDash: [3, 4] }) });
  return (feature, resolution) => (feature.get('level') === 'District' ? district : resolution < 14 ? part : undefined);
}

function railwayStyle(palette: Palette): Styler {
  return (_, resolution) => resolution > 40 ? undefined : [
    new Style({ stroke: new Stroke({ color: palette.boundary, width: 2 }) }),
    new Style({ stroke: new Stroke({ color: palette.land, width: 1.2, lineDash: [7, 7] }) }),
  ];
}

interface RoadClass {
  /** Width on the ground with its pavements, metres. */
  widthM: number;
  leastPx: number;
  /** Drawn below this many metres to a pixel, and named below this many. */
  from: number;
  named: number;
  order: number;
}

const roadClasses: Record<string, RoadClass> = {
  motorway: { widthM: 34, leastPx: 2, from: 200, named: 14, order: 6 },
  trunk: { widthM: 30, leastPx: 1.6, from: 100, named: 11, order: 5 },
  primary: { widthM: 26, leastPx: 1.2, from: 45, named: 8, order: 4 },
  secondary: { widthM: 18, leastPx: 0.9, from: 22, named: 5, order: 3 },
  residential: { widthM: 9, leastPx: 0.7, from: 9, named: 2.4, order: 2 },
  lane: { widthM: 4, leastPx: 0.6, from: 4, named: 1.4, order: 1 },
};

const roadClass = (feature: FeatureLike): RoadClass => roadClasses[String(feature.get('class'))] ?? roadClasses['residential']!;
const roadWidth = (road: RoadClass, resolution: number): number => Math.max(road.leastPx, road.widthM / resolution / 1.3);

function roadStyle(palette: Palette): Styler {
  return (feature, resolution) => {
    const road = roadClass(feature);
    if (resolution > road.from) return undefined;
    const width = roadWidth(road, resolution);
    return [
      ...(width > 2 ? [new Style({ stroke: new Stroke({ color: palette.roadCasing, width: width + 1.6 }), zIndex: road.order })] : []),
      new Style({
        stroke: new Stroke({ color: road.order >= 5 ? palette.roadTrunk : road.order >= 4 ? palette.roadMajor : palette.road, width }),
        zIndex: road.order + 10,
      }),
    ];
  };
}

function bridgeStyle(palette: Palette): Styler {
  return (feature, resolution) => {
    const road = roadClass(feature);
    if (resolution > road.from) return undefined;
    const width = roadWidth(road, resolution);
    return [
      new Style({ stroke: new Stroke({ color: palette.bridge, width: width + 3, lineCap: 'butt' }) }),
      new Style({ stroke: new Stroke({ color: road.order >= 5 ? palette.roadTrunk : palette.roadMajor, width, lineCap: 'butt' }), zIndex: 1 }),
    ];
  };
}

function roadNameStyle(file: BaseMapFile, palette: Palette): Styler {
  const bridge = file === 'bridges';
  return (feature, resolution) => {
    const road = roadClass(feature);
    const name = resolution < (bridge ? 9 : road.named) ? placeName(feature.getProperties()) : '';
    return name
      ? new Style({ text: label(name, palette, { size: road.order >= 4 ? 12 : 11, weight: bridge ? 600 : 500, colour: bridge ? palette.label : palette.roadText, placement: 'line' }) })
      : undefined;
  };
}

/** A label's size, and the coarsest map it appears on, by rank: the city is 1, a lane's shrine 6. */
const ranks: Record<number, { size: number; weight: number; from: number; least: number }> = {
  1: { size: 20, weight: 650, from: 400, least: 12 },
  2: { size: 15, weight: 600, from: 60, least: 0 },
  3: { size: 14, weight: 560, from: 30, least: 0 },
  4: { size: 13, weight: 500, from: 16, least: 0 },
  5: { size: 12, weight: 500, from: 8, least: 0 },
  6: { size: 11, weight: 450, from: 4, least: 0 },
};

function placeNameStyle(palette: Palette): Styler {
  return (feature, resolution) => {
    const rank = Number(feature.get('rank') ?? 5);
    const look = ranks[rank] ?? ranks[5]!;
    if (resolution > look.from || resolution < look.least) return undefined;
    const kind = String(feature.get('kind'));
    const colour = kind === 'Water' ? palette.waterText : kind === 'Park' || kind === 'Hill' ? palette.parkText : rank <= 3 ? palette.label : palette.labelMuted;
    return new Style({ text: label(placeName(feature.getProperties()), palette, { size: look.size, weight: look.weight, colour }), zIndex: 10 - rank });
  };
}
