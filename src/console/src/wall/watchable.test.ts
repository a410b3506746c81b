import { describe, expect, it } from 'vitest';
import type { Incident } from '$lib/api/types';
import type { VideoStream } from '$lib/api/videoTypes';
import { watchable } from './watchable';

const incident = (id: string, ...drones: [vehicleId: string, state: string][]): Incident => ({ id, drones: drones.map(([vehicleId, state]) => ({ vehicleId, state })) }) as unknown as Incident;
const stream = (vehicleId: string, kind: 'visible' | 'thermal', state = 'live'): VideoStream => ({ id: `${vehicleId}-${kind}`, vehicleId, kind, state }) as unknown as VideoStream;
const all = [stream('1', 'thermal'), stream('1', 'visible'), stream('2', 'visible', 'stalled'), stream('3', 'thermal'), stream('4', 'visible')];
const of = (vehicleId: string): VideoStream[] => all.filter((one) => one.vehicleId === vehicleId);

describe('the pictures on the wall', () => {
  it('are those of the drones that are there, what the eye sees before warmth, moving ones first', () => {
    const shown = watchable([incident('a', ['2', 'onScene'], ['1', 'onTheWay']), incident('b', ['3', 'onScene'], ['4', 'leaving'], ['1', 'onScene'], ['5', 'onScene'])], of);
    expect(shown.map((one) => [one.incident.id, one.stream.id])).toEqual([['a', '1-visible'], ['b', '3-thermal'], ['a', '2-visible']]);
  });

  it('are none without an incident', () => {
    expect(watchable([], of)).toEqual([]);
    expect(watchable([incident('a')], of)).toEqual([]);
  });
});
