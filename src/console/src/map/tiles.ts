import TileLayer from 'ol/layer/Tile';
import XYZ from 'ol/source/XYZ';
import type { TileConfig } from '$lib/api/types';
import type { ViewProjection } from './projection';

/**
 * The configured tiles. WMTS services on the usual web-mercator matrix set (天地图's "w" layers among them) number their tiles
 * as XYZ does, so one source serves all; PMTiles and MBTiles files are cut into XYZ tiles by the server.
 */
export function tileLayer(config: TileConfig, projection: ViewProjection): TileLayer<XYZ> {
  return new TileLayer({
    zIndex: 5,
    source: new XYZ({ url: tileUrl(config.url), projection, attributions: config.attribution, maxZoom: 18, crossOrigin: 'anonymous' }),
  });
}

/** Accepts WMTS's own names for the three numbers beside {z}/{x}/{y}. */
export function tileUrl(url: string): string {
  return url.replace(/\{TileMatrix\}/gi, '{z}').replace(/\{TileCol\}/gi, '{x}').replace(/\{TileRow\}/gi, '{y}');
}
