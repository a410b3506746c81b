import { describe, expect, it } from 'vitest';
import { overlaps, placeAt, type Flown } from './replayTrack';

const moment = (atMs: number, lon: number): Flown => ({ atMs, lon, lat: 24.5, heightAboveHomeM: atMs / 100, speedMps: 5 });

describe('the track beside a recording', () => {
  it('says where the vehicle was, between the moments that are known', () => {
    const track = [moment(1000, 117.6), moment(2000, 117.7), moment(3000, 117.6)];
    expect(placeAt(track, 1500)).toMatchObject({ heightAboveHomeM: 15, speedMps: 5 });
    expect(placeAt(track, 1500)!.lon).toBeCloseTo(117.65);
    expect(placeAt(track, 1000)!.lon).toBe(117.6);
    expect(placeAt(track, 999)).toBeNull();
    expect(placeAt(track, 3001)).toBeNull();
    expect(placeAt([], 0)).toBeNull();
  });

  it('belongs to flights that fell into its time, also those that still fly', () => {
    const at = (minute: number): string => new Date(Date.UTC(2026, 10, 28, 5, minute)).toISOString();
    const [from, to] = [Date.parse(at(10)), Date.parse(at(20))];
    expect(overlaps({ takeoffAt: at(0), landedAt: at(11) }, from, to)).toBe(true);
    expect(overlaps({ takeoffAt: at(19), landedAt: null }, from, to)).toBe(true);
    expect(overlaps({ takeoffAt: at(0), landedAt: at(10) }, from, to)).toBe(false);
    expect(overlaps({ takeoffAt: at(20), landedAt: null }, from, to)).toBe(false);
  });
});
