import { describe, expect, it } from 'vitest';
import { tileLayer, tileUrl } from './tiles';

const source = { attribution: 'x', datum: 'wgs84' as const };

describe('a tile source', () => {
  it('may name its numbers as WMTS does, and its hosts by one letter', () => {
    expect(tileUrl('https://{s}.example/{TileMatrix}/{TileRow}/{TileCol}')).toBe('https://{a-c}.example/{z}/{y}/{x}');
  });

  it('is drawn from an address with numbers, whatever its kind', () => {
    for (const kind of ['xyz', 'wmts', 'mbtiles'] as const) expect(tileLayer({ ...source, kind, url: '/library/tiles/{z}/{x}/{y}' }, 'EPSG:3857')).not.toBeNull();
  });

  it('is read in place from a PMTiles file', () => {
    expect(tileLayer({ ...source, kind: 'pmtiles', url: '/library/tiles/archive.pmtiles' }, 'EPSG:3857')).not.toBeNull();
  });

  it('spreads over the hosts of a range', () => {
    const urls = tileLayer({ ...source, kind: 'wmts', url: 'https://t{0-7}.example/{z}/{x}/{y}' }, 'EPSG:3857')?.getSource()?.getUrls();
    expect(urls).toHaveLength(8);
    expect(urls?.[7]).toBe('https://t7.example/{z}/{x}/{y}');
  });

  it('that cannot be read leaves the built-in map', () => {
    expect(tileLayer({ ...source, kind: 'mbtiles', url: '/somewhere.mbtiles' }, 'EPSG:3857')).toBeNull();
  });
});
