import { fromLonLat, toLonLat } from 'ol/proj';
import { describe, expect, it } from 'vitest';
import { distanceM } from '$lib/geo/measure';
import { viewProjection } from './projection';
import { tileLayer, tileUrl } from './tiles';

const gcj = { kind: 'xyz', url: '', attribution: '', datum: 'gcj02' } as const;

describe('the map on GCJ-02 tiles', () => {
  it('draws a WGS-84 point where the tiles have it', () => {
    const drawn = fromLonLat([116.3975, 39.9087], viewProjection(gcj));
    const onTiles = toLonLat(drawn, 'EPSG:3857');
    expect(onTiles[0]).toBeCloseTo(116.4037436, 6);
    expect(onTiles[1]).toBeCloseTo(39.9101035, 6);
  });

  it('commands the WGS-84 point that was clicked, to better than a millimetre', () => {
    const target: [number, number] = [117.655, 24.513];
    const clicked = toLonLat(fromLonLat(target, viewProjection(gcj)), viewProjection(gcj));
    expect(distanceM(target, [clicked[0]!, clicked[1]!])).toBeLessThan(0.001);
  });
});

describe('the map on other tiles', () => {
  it.each([null, { ...gcj, datum: 'wgs84' }, { ...gcj, datum: 'cgcs2000' }] as const)('is not shifted', (tiles) => {
    expect(viewProjection(tiles)).toBe('EPSG:3857');
  });

  it('leaves the built-in map where a file cannot be read from here', () => {
    expect(tileLayer({ ...gcj, kind: 'mbtiles', url: '/tiles/city.mbtiles' }, 'EPSG:3857')).toBeNull();
  });

  it('takes the names of WMTS for the tile numbers', () => {
    expect(tileUrl('https://t/wmts?TILEMATRIX={TileMatrix}&TILECOL={TileCol}&TILEROW={TileRow}'))
      .toBe('https://t/wmts?TILEMATRIX={z}&TILECOL={x}&TILEROW={y}');
  });
});
