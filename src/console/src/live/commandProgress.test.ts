import { describe, expect, it } from 'vitest';
import type { Vehicle } from '$lib/api/types';
import { observe, stepOf } from './commandProgress';

const vehicle = (change: Partial<Vehicle>): Vehicle => ({
  armed: true, inAir: true, mode: 'GUIDED', groundSpeedMps: 0, position: { lon: 117.65, lat: 24.51, altitudeAmslM: 70, altitudeAboveHomeM: 30 }, ...change,
}) as Vehicle;

describe('a command', () => {
  it('is only received when the autopilot has accepted it', () => {
    expect(stepOf({ outcome: 'accepted', reason: null, commandId: '1' })).toBe('received');
    expect(stepOf({ outcome: 'unknown', reason: null, commandId: '1' })).toBe('unknown');
  });

  it('to take off acts while climbing and is done at its height', () => {
    const request = { command: 'takeoff', altitudeAboveHomeM: 30 } as const;
    expect(observe(request, vehicle({ inAir: false, armed: false }), 'received')).toBe('received');
    expect(observe(request, vehicle({ position: { lon: 0, lat: 0, altitudeAmslM: 0, altitudeAboveHomeM: 10 } }), 'received')).toBe('acting');
    expect(observe(request, vehicle({}), 'acting')).toBe('done');
  });

  it('to go somewhere is done on arrival', () => {
    const request = { command: 'goTo', lon: 117.65, lat: 24.52 } as const;
    expect(observe(request, vehicle({ groundSpeedMps: 8 }), 'received')).toBe('acting');
    expect(observe(request, vehicle({ position: { lon: 117.65, lat: 24.52, altitudeAmslM: 0, altitudeAboveHomeM: 30 } }), 'acting')).toBe('done');
  });

  it('never goes back a step, nor out of an end', () => {
    expect(observe({ command: 'goTo', lon: 118, lat: 24 }, vehicle({ groundSpeedMps: 0 }), 'acting')).toBe('acting');
    expect(observe({ command: 'arm' }, vehicle({}), 'rejected')).toBe('rejected');
    expect(observe({ command: 'disarm' }, vehicle({ armed: true }), 'done')).toBe('done');
  });

  it('to return acts in the return mode and is done on the ground', () => {
    expect(observe({ command: 'returnToLaunch' }, vehicle({ mode: 'RTL' }), 'received')).toBe('acting');
    expect(observe({ command: 'returnToLaunch' }, vehicle({ inAir: false }), 'acting')).toBe('done');
  });
});
