import type { Vehicle } from '../api/types';

/** How long an "up" link may be silent here before the console itself calls the picture stale, seconds. */
export const staleAfterS = 3;
/** How long until the console calls it lost, whatever it was last told. */
export const lostAfterS = 15;

const trailPoints = 240;
const trailStepM = 3;

/** One vehicle as the console knows it: the newest snapshot, when it came, and where it has been. */
export interface Track {
  vehicle: Vehicle;
  /** performance.now() when the snapshot came in: the wall clock may be set while we watch. */
  receivedAt: number;
  /** Longitude and latitude pairs, oldest first. */
  trail: number[];
}

/** A snapshot as the feed sends it: whole the first time, later only with the members that changed. */
export type VehicleChange = Pick<Vehicle, 'id' | 'updatedAt'> & Partial<Vehicle>;

export type Freshness = 'fresh' | 'late' | 'lost';

/**
 * The moving picture of the fleet. Deliberately outside Svelte's reactivity: five hundred vehicles five times a second are
 * read by canvases once a frame and by lists a few times a second, never per field. Owned by the feed connection.
 */
export class FleetBook {
  readonly tracks = new Map<string, Track>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** Rises with every change; a reader that remembers it knows whether to look again. */
  get version(): number {
    return this.#version;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a batch of changed snapshots; the newest wins, an older one that was overtaken on the way is dropped. */
  merge(batch: readonly VehicleChange[], receivedAt: number): void {
    for (const change of batch) {
      const track = this.tracks.get(change.id);
      if (!track) {
        // What is not known yet came whole: changes belong to a snapshot that was sent before.
        const vehicle = change as Vehicle;
        this.tracks.set(vehicle.id, { vehicle, receivedAt, trail: extend([], vehicle) });
      } else if (!isOlder(change.updatedAt, track.vehicle.updatedAt)) {
        track.vehicle = { ...track.vehicle, ...change };
        track.receivedAt = receivedAt;
        track.trail = extend(track.trail, track.vehicle);
      }
    }
    this.#tell();
  }

  /** Takes a full snapshot: what is not in it no longer exists. Trails of the vehicles that remain are kept. */
  replace(all: readonly Vehicle[], receivedAt: number): void {
    const present = new Set(all.map((vehicle) => vehicle.id));
    for (const id of this.tracks.keys()) if (!present.has(id)) this.tracks.delete(id);
    this.merge(all, receivedAt);
  }

  clear(): void {
    this.tracks.clear();
    this.#tell();
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

/** Times are written without trailing zeros, so their text sorts wrongly where one ends early: "08.7Z" comes after "08.71Z". */
function isOlder(time: string, than: string): boolean {
  return time < than && Date.parse(time) < Date.parse(than);
}

function extend(trail: number[], vehicle: Vehicle): number[] {
  const { position } = vehicle;
  if (!position || vehicle.stale?.position) return trail;
  const lastLon = trail[trail.length - 2];
  const lastLat = trail[trail.length - 1];
  if (lastLon !== undefined && lastLat !== undefined) {
    const dx = (position.lon - lastLon) * 111_320 * Math.cos((position.lat * Math.PI) / 180);
    const dy = (position.lat - lastLat) * 111_320;
    if (dx * dx + dy * dy < trailStepM * trailStepM) return trail;
  }
  trail.push(position.lon, position.lat);
  if (trail.length > trailPoints * 2) trail.splice(0, trail.length - trailPoints * 2);
  return trail;
}

/** Seconds since the vehicle was last heard: what the server said then, and the time that has gone by here since. */
export function ageS(track: Track, now: number): number {
  return (track.vehicle.link.ageS ?? 0) + Math.max(0, now - track.receivedAt) / 1000;
}

/**
 * Whether the picture may be believed. The server sends only what changed, so silence from it is no news; but while the
 * feed is down (`feedLive` false) silence is all there is, and an old picture must not look new.
 */
export function freshness(track: Track, now: number, feedLive: boolean): Freshness {
  const { state } = track.vehicle.link;
  if (state === 'lost') return 'lost';
  const age = feedLive && state === 'up' ? (track.vehicle.link.ageS ?? 0) : ageS(track, now);
  if (age > lostAfterS) return 'lost';
  return state === 'late' || age > staleAfterS ? 'late' : 'fresh';
}
