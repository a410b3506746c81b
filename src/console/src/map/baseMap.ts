import GeoJSON from 'ol/format/GeoJSON';
import Graticule from 'ol/layer/Graticule';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import { Stroke } from 'ol/style';
import type BaseLayer from 'ol/layer/Base';
import { baseMapStyle, baseMapFiles, type BaseMapFile } from './baseMapStyles';
import type { Palette } from './palette';
import { alpha } from './places';
import type { ViewProjection } from './projection';

/** The built-in map of the city, drawn from the library's own GeoJSON: it needs no tile service and no internet. */
export function baseMapLayers(projection: ViewProjection, palette: () => Palette): {
  layers: BaseLayer[];
  load: () => void;
  restyle: () => void;
} {
  const graticule = new Graticule({ strokeStyle: new Stroke({ color: alpha('#7f8fa5', 0.1), width: 1 }), wrapX: false, zIndex: 0 });
  const layers = new Map<BaseMapFile, VectorLayer<VectorSource>>();
  for (const [index, file] of baseMapFiles.entries()) {
    layers.set(file, new VectorLayer({
      source: new VectorSource(),
      zIndex: 1 + index,
      // Names share the decluttering of the places': a street's name gives way to a key site's.
      ...(file === 'places' || file === 'roads' || file === 'bridges' ? { declutter: 'places' } : {}),
    }));
  }
  return {
    layers: [graticule, ...layers.values()],
    load: () => {
      for (const [file, layer] of layers) void read(file, layer, projection);
    },
    restyle: () => {
      for (const [file, layer] of layers) layer.setStyle(baseMapStyle(file, palette()));
    },
  };
}

async function read(file: BaseMapFile, layer: VectorLayer<VectorSource>, projection: ViewProjection): Promise<void> {
  const response = await fetch(`/library/basemap/${file}.geojson`, { credentials: 'same-origin' });
  if (!response.ok || !response.headers.get('content-type')?.includes('json')) return;
  layer.getSource()!.addFeatures(new GeoJSON().readFeatures(await response.json(), { featureProjection: projection }));
}
