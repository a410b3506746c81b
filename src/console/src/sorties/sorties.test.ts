import { describe, expect, it } from 'vitest';
import { isNarrowed, readFilter, searchOf, toQuery } from './filters';
import { lineEnds, momentAt, moments, trackLine, type Moment } from './track';

describe('the sortie filter', () => {
  const now = new Date(2026, 10, 24, 3, 0, 0);

  it('is the last seven days unless the address says otherwise', () => {
    const query = toQuery(readFilter(new URLSearchParams()), now);
    expect(query['from']).toBe(new Date(2026, 10, 18).toISOString());
    expect(query['to']).toBeNull();
  });

  it('counts the last day whole', () => {
    const query = toQuery(readFilter(new URLSearchParams('from=2026-11-01&to=2026-11-02')), now);
    expect(query['from']).toBe(new Date(2026, 10, 1).toISOString());
    expect(query['to']).toBe(new Date(2026, 10, 3).toISOString());
  });

  it('asks for everything when told to', () => {
    expect(toQuery(readFilter(new URLSearchParams('period=all')), now)['from']).toBeNull();
  });
});

describe('a search', () => {
  const address = new URLSearchParams('period=all&near=117.6,24.5&place=中山公园&within=500&minMinutes=2&show=x&q=灯会');

  it('asks for what passed the place, in metres and seconds', () => {
    expect(toQuery(readFilter(address), new Date())).toMatchObject({ near: '117.6,24.5', withinM: '500', minSeconds: '120', q: '灯会', from: null });
    expect(toQuery(readFilter(new URLSearchParams('within=500')), new Date())['withinM']).toBeNull();
  });

  it('is saved without what is no part of it, and is the same when it is opened again', () => {
    const saved = new URLSearchParams(searchOf(address));
    expect(saved.has('show')).toBe(false);
    expect(readFilter(saved)).toEqual(readFilter(address));
    expect(isNarrowed(readFilter(saved))).toBe(true);
    expect(isNarrowed(readFilter(new URLSearchParams('period=all&vehicleId=1')))).toBe(false);
  });
});

describe('a flight that is replayed', () => {
  const at = (elapsedS: number, lon: number): Moment => ({ elapsedS, lon, lat: 24, heightAboveHomeM: lon, speedMps: 5 });
  const flight = [at(0, 10), at(2, 20), at(62, 50), at(64, 60)];

  it('is between two points where it was on the way', () => {
    expect(momentAt(flight, 1)).toMatchObject({ lon: 15, heightAboveHomeM: 15 });
    expect(momentAt(flight, 63)).toMatchObject({ lon: 55 });
  });

  it('stands where it was last during a gap, and says so', () => {
    expect(momentAt(flight, 30)).toMatchObject({ lon: 20, unknown: true, speedMps: null });
  });

  it('begins and ends with its points, and is nothing without any', () => {
    expect(momentAt(flight, 0)).toMatchObject({ lon: 10 });
    expect(momentAt(flight, 99)).toMatchObject({ lon: 60 });
    expect(momentAt([], 1)).toBeNull();
  });
});

describe('a track', () => {
  const line = { type: 'LineString' as const, coordinates: [[117, 24, 10], [117, 24.001, 20], [117, 24.002]] };

  it('is found however it is wrapped', () => {
    const feature = { type: 'Feature' as const, geometry: line, properties: {} };
    expect(trackLine(line)).toBe(line);
    expect(trackLine(feature)).toBe(line);
    expect(trackLine({ type: 'FeatureCollection', features: [feature] })).toBe(line);
    expect(trackLine({ type: 'Point', coordinates: [0, 0] })).toBeNull();
  });

  it('gives the moments whose time and height are known, and their places', () => {
    const properties = { times: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:02.5Z'], altitudesAboveHomeM: [0, 5, 9], speedsMps: [0] };
    expect(moments({ type: 'Feature', geometry: line, properties })).toEqual([
      { elapsedS: 0, heightAboveHomeM: 0, speedMps: 0, lon: 117, lat: 24 },
      { elapsedS: 2.5, heightAboveHomeM: 5, speedMps: null, lon: 117, lat: 24.001 },
    ]);
  });

  it('has no moments where no times stand beside the line', () => {
    expect(moments({ type: 'Feature', geometry: line, properties: {} })).toEqual([]);
    expect(moments({ type: 'FeatureCollection', features: [] })).toEqual([]);
  });

  it('has two ends', () => {
    expect(lineEnds(line)?.[1]).toEqual([117, 24.002]);
    expect(lineEnds({ type: 'LineString', coordinates: [] })).toBeNull();
  });
});
