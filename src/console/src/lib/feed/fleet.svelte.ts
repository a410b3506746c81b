import { feed } from './feed.svelte';
import { ageS, freshness, type Freshness, type Track } from './fleetBook';

/** A vehicle as lists and panels read it: the snapshot with what the moment of reading adds. */
export interface Seen {
  track: Track;
  ageS: number;
  freshness: Freshness;
}

/**
 * The fleet for lists and panels: read from the book at most three times a second, whatever the feed's rate, and once a
 * second without news so that ages go on. Canvases read the book itself.
 */
class FleetView {
  #rows = $state.raw<Seen[]>([]);
  #version = $state(0);
  #pending = false;
  #last = 0;

  constructor() {
    feed.book.listen(() => this.#soon());
    setInterval(() => this.#read(), 1000);
  }

  /** Every vehicle, by name. */
  get rows(): Seen[] {
    return this.#rows;
  }

  find(id: string | null): Seen | null {
    void this.#version;
    const track = id === null ? undefined : feed.book.tracks.get(id);
    return track ? seen(track) : null;
  }

  name(id: string | null | undefined): string {
    void this.#version;
    return id ? (feed.book.tracks.get(id)?.vehicle.name ?? id) : '';
  }

  #soon(): void {
    if (this.#pending) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      this.#read();
    }, Math.max(0, 330 - (performance.now() - this.#last)));
  }

  #read(): void {
    this.#last = performance.now();
    this.#rows = [...feed.book.tracks.values()]
      .map(seen)
      .sort((a, b) => a.track.vehicle.name.localeCompare(b.track.vehicle.name, 'zh-CN', { numeric: true }));
    this.#version++;
  }
}

function seen(track: Track): Seen {
  const now = performance.now();
  return { track, ageS: ageS(track, now), freshness: freshness(track, now, feed.live) };
}

export const fleet = new FleetView();
