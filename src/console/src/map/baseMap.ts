import GeoJSON from 'ol/format/GeoJSON';
import type BaseLayer from 'ol/layer/Base';
import Graticule from 'ol/layer/Graticule';
import VectorLayer from 'ol/layer/Vector';
import VectorImageLayer from 'ol/layer/VectorImage';
import VectorSource from 'ol/source/Vector';
import { Stroke, type Style } from 'ol/style';
import { baseMapFiles, groundStyle, namedFiles, nameStyle, type BaseMapFile } from './baseMapStyles';
import type { Palette } from './palette';
import { alpha } from './places';
import type { ViewProjection } from './projection';

const file = '_file';
/** Room between the drawing order of one file and the next. */
const orderStep = 100;

/**
 * The built-in map of the city, drawn from the library's own GeoJSON: it needs no tile service and no internet. The ground is
 * drawn once into a picture somewhat larger than the screen and moved with it; redrawing every street on every frame of a
 * pan is what made panning stutter.
 */
export function baseMapLayers(projection: ViewProjection, palette: () => Palette): {
  layers: BaseLayer[];
  load: () => void;
  restyle: () => void;
} {
  const graticule = new Graticule({ strokeStyle: new Stroke({ color: alpha('#7f8fa5', 0.1), width: 1 }), wrapX: false, zIndex: 0 });
  const ground = new VectorImageLayer({ source: new VectorSource(), imageRatio: 1.4, zIndex: 1 });
  // Names share the decluttering of the city's own places: a street's name gives way to a key site's.
  const names = new VectorLayer({ source: new VectorSource(), declutter: 'places', zIndex: 12 });

  async function read(name: BaseMapFile): Promise<void> {
    const response = await fetch(`/library/basemap/${name}.geojson`, { credentials: 'same-origin' });
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) return;
    const features = new GeoJSON().readFeatures(await response.json(), { featureProjection: projection });
    for (const feature of features) feature.set(file, name, true);
    ground.getSource()!.addFeatures(features);
    if (namedFiles.includes(name)) names.getSource()!.addFeatures(features.map((feature) => feature.clone()));
  }

  return {
    layers: [graticule, ground, names],
    load: () => {
      for (const name of baseMapFiles) void read(name);
    },
    restyle: () => {
      const grounds = new Map(baseMapFiles.map((name, index) => [name, ordered(groundStyle(name, palette()), index * orderStep)]));
      const labels = new Map(namedFiles.map((name) => [name, nameStyle(name, palette())]));
      ground.setStyle((feature, resolution) => grounds.get(feature.get(file) as BaseMapFile)?.(feature, resolution));
      names.setStyle((feature, resolution) => labels.get(feature.get(file) as BaseMapFile)?.(feature, resolution));
    },
  };
}

type Styler = ReturnType<typeof groundStyle>;

/** Lifts every style of a file by its place among the files; a style is lifted once, however often it is used. */
function ordered(styler: Styler, base: number): Styler {
  const lifted = new WeakSet<Style>();
  return (feature, resolution) => {
    const styles = styler(feature, resolution);
    for (const style of styles === undefined ? [] : Array.isArray(styles) ? styles : [styles]) {
      if (lifted.has(style)) continue;
      lifted.add(style);
      style.setZIndex(base + (style.getZIndex() ?? 0));
    }
    return styles;
  };
}
