import ImageTile from 'ol/ImageTile';
import TileLayer from 'ol/layer/Tile';
import XYZ from 'ol/source/XYZ';
import TileState from 'ol/TileState';
import type Tile from 'ol/Tile';
import type { TileConfig } from '$lib/api/types';
import type { ViewProjection } from './projection';

const deepestZoom = 18;

/**
 * The configured tiles, or null for a source the console cannot read. WMTS services on the usual web-mercator matrix set
 * (天地图's "w" layers among them) number their tiles as XYZ does. A PMTiles file of pictures is read in place, by ranges; an
 * MBTiles file is served tile by tile, by our own server or another.
 */
export function tileLayer(config: TileConfig, projection: ViewProjection): TileLayer<XYZ> | null {
  const url = tileUrl(config.url);
  const usual = { projection, attributions: config.attribution, maxZoom: deepestZoom };
  if (url.includes('{z}')) return new TileLayer({ zIndex: 5, source: new XYZ({ ...usual, url, crossOrigin: 'anonymous' }) });
  return config.kind === 'pmtiles' ? new TileLayer({ zIndex: 5, source: new XYZ({ ...usual, tileUrlFunction: ([z, x, y]) => `${z}/${x}/${y}`, tileLoadFunction: fromArchive(url) }) }) : null;
}

/** Accepts WMTS's own names for the three numbers beside {z}/{x}/{y}, and {s} for the hosts a, b and c. */
export function tileUrl(url: string): string {
  return url.replaceAll('{s}', '{a-c}').replace(/\{TileMatrix\}/gi, '{z}').replace(/\{TileCol\}/gi, '{x}').replace(/\{TileRow\}/gi, '{y}');
}

function fromArchive(url: string): (tile: Tile) => void {
  // The reader's code comes only where such a file is configured.
  const archive = import('pmtiles').then(({ PMTiles }) => new PMTiles(url));
  async function load(tile: ImageTile): Promise<void> {
    const [z, x, y] = tile.getTileCoord() as [number, number, number];
    const found = await (await archive).getZxy(z, x, y);
    if (!found) {
      tile.setState(TileState.EMPTY);
      return;
    }
    const image = tile.getImage() as HTMLImageElement;
    const picture = URL.createObjectURL(new Blob([found.data]));
    image.addEventListener('load', () => URL.revokeObjectURL(picture), { once: true });
    image.src = picture;
  }
  return (tile) => {
    if (tile instanceof ImageTile) load(tile).catch(() => tile.setState(TileState.ERROR));
  };
}
