import { addCoordinateTransforms, addProjection, fromLonLat, get, Projection, toLonLat } from 'ol/proj';
import type { TileConfig } from '$lib/api/types';
import { fromGcj02, toGcj02 } from '$lib/geo/gcj02';

/*
 * The map's edge. Everything the console holds is WGS-84; the view's own projection carries the datum of the tiles beneath
 * it, so a point drawn and a point clicked both pass through here and nowhere else. CGCS2000 differs from WGS-84 by
 * centimetres and is shown as it is.
 */

const gcj02 = 'DRONEOPS:GCJ02';

export type ViewProjection = 'EPSG:3857' | typeof gcj02;

export function viewProjection(tiles: TileConfig | null): ViewProjection {
  if (tiles?.datum !== 'gcj02') return 'EPSG:3857';
  if (!get(gcj02)) register();
  return gcj02;
}

function register(): void {
  const mercator = get('EPSG:3857')!;
  addProjection(new Projection({ code: gcj02, units: 'm', extent: mercator.getExtent(), worldExtent: mercator.getWorldExtent(), global: true }));
  addCoordinateTransforms(
    'EPSG:4326',
    gcj02,
    (coordinate) => fromLonLat(toGcj02(coordinate[0]!, coordinate[1]!)),
    (coordinate) => {
      const [lon, lat] = toLonLat(coordinate);
      return fromGcj02(lon!, lat!);
    },
  );
}
