import { describe, expect, it } from 'vitest';
import type { Vehicle } from '../api/types';
import { ageS, FleetBook, freshness, lostAfterS } from './fleetBook';
import { unwrap } from './wire';

const fresh = { position: false, attitude: false, battery: false, gps: false };

function vehicle(id: string, updatedAt: string, change: Partial<Vehicle> = {}): Vehicle {
  return {
    id, name: id, hardwareId: null, firmware: null, dockId: null, grounded: false, network: 'default', systemId: 1, autopilot: 'ArduPilot', vehicleType: 'Quadrotor', armed: true, inAir: true, mode: 'AUTO', modes: [],
    position: { lon: 117.65, lat: 24.51, altitudeAmslM: 80, altitudeAboveHomeM: 60 }, attitude: null, groundSpeedMps: 8, climbMps: 0, headingDeg: 90,
    battery: null, gps: null, link: { state: 'up', ageS: 0.2, lossPercent: 0 }, home: null, assignment: null, control: null, stale: fresh,
    missionProgress: null, ready: { armable: true, reasons: [], failsafes: [] }, alertTexts: [], updatedAt, ...change,
  };
}

const at = (lon: number): Partial<Vehicle> => ({ position: { lon, lat: 24.51, altitudeAmslM: 80, altitudeAboveHomeM: 60 } });

describe('the fleet book', () => {
  it('keeps the newest snapshot when an older one comes late', () => {
    const book = new FleetBook();
    book.merge([vehicle('a', '2026-01-01T00:00:02Z', { mode: 'RTL' })], 10);
    book.merge([vehicle('a', '2026-01-01T00:00:01Z', { mode: 'AUTO' })], 20);
    expect(book.tracks.get('a')?.vehicle.mode).toBe('RTL');
    expect(book.tracks.get('a')?.receivedAt).toBe(10);
  });

  it('takes a newer snapshot whose time is longer in writing', () => {
    const book = new FleetBook();
    book.merge([vehicle('a', '2026-01-01T00:00:08.7Z', { mode: 'AUTO' })], 0);
    book.merge([vehicle('a', '2026-01-01T00:00:08.71Z', { mode: 'LAND' })], 1);
    expect(book.tracks.get('a')?.vehicle.mode).toBe('LAND');
  });

  it('keeps what a change does not mention', () => {
    const book = new FleetBook();
    book.merge([vehicle('a', '1', { mode: 'AUTO', armed: true })], 0);
    book.merge([{ id: 'a', updatedAt: '2', mode: 'LAND' }], 1);
    expect(book.tracks.get('a')?.vehicle).toMatchObject({ mode: 'LAND', armed: true, name: 'a', updatedAt: '2' });
  });

  it('drops what a full snapshot no longer holds and keeps the trails of what it does', () => {
    const book = new FleetBook();
    book.merge([vehicle('a', '1', at(117.65)), vehicle('b', '1')], 0);
    book.merge([vehicle('a', '2', at(117.651))], 1);
    book.replace([vehicle('a', '3', at(117.652))], 2);
    expect([...book.tracks.keys()]).toEqual(['a']);
    expect(book.tracks.get('a')?.trail).toHaveLength(6);
  });

  it('does not lengthen the trail of a vehicle that stands still or whose position is old', () => {
    const book = new FleetBook();
    book.merge([vehicle('a', '1', at(117.65))], 0);
    book.merge([vehicle('a', '2', at(117.65000001))], 1);
    book.merge([vehicle('a', '3', { ...at(117.66), stale: { ...fresh, position: true } })], 2);
    expect(book.tracks.get('a')?.trail).toHaveLength(2);
  });

  it('bounds the trail', () => {
    const book = new FleetBook();
    for (let i = 0; i < 1000; i++) book.merge([vehicle('a', String(i).padStart(4, '0'), at(117 + i * 0.001))], i);
    expect(book.tracks.get('a')?.trail).toHaveLength(480);
  });

  it('tells its listeners once per batch', () => {
    const book = new FleetBook();
    let told = 0;
    const stop = book.listen(() => told++);
    book.merge([vehicle('a', '1'), vehicle('b', '1'), vehicle('c', '1')], 0);
    stop();
    book.merge([vehicle('a', '2')], 0);
    expect(told).toBe(1);
  });
});

describe('freshness', () => {
  const track = (change: Partial<Vehicle>, receivedAt = 0) => ({ vehicle: vehicle('a', '1', change), receivedAt, trail: [] });

  it('grows older here while nothing is heard', () => {
    expect(ageS(track({}), 5000)).toBeCloseTo(5.2);
  });

  it('trusts the server while the feed is live', () => {
    expect(freshness(track({}), 60_000, true)).toBe('fresh');
    expect(freshness(track({ link: { state: 'late', ageS: 4, lossPercent: 0 } }), 0, true)).toBe('late');
    expect(freshness(track({ link: { state: 'lost', ageS: 40, lossPercent: 0 } }), 0, true)).toBe('lost');
  });

  it('believes nothing old once the feed is down', () => {
    expect(freshness(track({}), 1000, false)).toBe('fresh');
    expect(freshness(track({}), 5000, false)).toBe('late');
    expect(freshness(track({}), (lostAfterS + 1) * 1000, false)).toBe('lost');
  });
});

describe('the wire', () => {
  it('takes events wrapped and bare', () => {
    expect(unwrap({ eventId: 3, item: { id: 'x' } })).toEqual({ eventId: 3, item: { id: 'x' } });
    expect(unwrap({ id: 'x' })).toEqual({ eventId: null, item: { id: 'x' } });
  });
});
