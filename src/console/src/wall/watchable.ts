import type { Incident } from '$lib/api/types';
import type { VideoStream } from '$lib/api/videoTypes';

export interface Watchable { incident: Incident; stream: VideoStream }

const there: ReadonlySet<string> = new Set(['onTheWay', 'onScene', 'lost']);

/** The pictures that belong on the wall: of drones that are there for an incident, in the order of the incidents, those that move before those that do not. */
export function watchable(open: readonly Incident[], streamsOf: (vehicleId: string) => readonly VideoStream[]): Watchable[] {
  const all = open.flatMap((incident) => (incident.drones ?? []).filter(({ state }) => there.has(state)).flatMap(({ vehicleId }) => {
    const cameras = streamsOf(vehicleId);
    const stream = cameras.find(({ kind }) => kind === 'visible') ?? cameras[0];
    return stream ? [{ incident, stream }] : [];
  }));
  // A drone stands on the wall once, whatever it is counted to.
  const first = all.filter(({ stream }, index) => all.findIndex((other) => other.stream.id === stream.id) === index);
  return first.sort((one, other) => Number(other.stream.state === 'live') - Number(one.stream.state === 'live'));
}
