import { describe, expect, it } from 'vitest';
import { readFilter, toQuery } from './filters';
import { heightProfile, lineEnds, trackLine } from './track';

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

describe('a track', () => {
  const line = { type: 'LineString' as const, coordinates: [[117, 24, 10], [117, 24.001, 20], [117, 24.002]] };

  it('is found however it is wrapped', () => {
    const feature = { type: 'Feature' as const, geometry: line, properties: {} };
    expect(trackLine(line)).toBe(line);
    expect(trackLine(feature)).toBe(line);
    expect(trackLine({ type: 'FeatureCollection', features: [feature] })).toBe(line);
    expect(trackLine({ type: 'Point', coordinates: [0, 0] })).toBeNull();
  });

  it('gives heights along the way and leaves out what was not measured', () => {
    const profile = heightProfile(line);
    expect(profile.heightM).toEqual([10, 20]);
    expect(profile.alongKm[1]).toBeCloseTo(0.1112, 3);
    expect(heightProfile(line, [0, 5, 9]).heightM).toEqual([0, 5, 9]);
  });

  it('has two ends', () => {
    expect(lineEnds(line)?.[1]).toEqual([117, 24.002]);
    expect(lineEnds({ type: 'LineString', coordinates: [] })).toBeNull();
  });
});
