import { http } from '$lib/api/client';
import type { Incident, Page } from '$lib/api/types';
import { clock } from '$lib/clock.svelte';
import { feed } from '$lib/feed/feed.svelte';
import { preferences } from '$lib/preferences.svelte';
import { sound } from '$lib/sound';
import { ringOf } from './ring';

type State = 'loading' | 'ready' | 'failed';

const pageLength = 200;

/** The incidents the console knows: read once, kept true by the feed, read again after every reconnection. */
class Incidents {
  #byId = $state.raw(new Map<string, Incident>());
  /** What has come while the list is being read is newer than the list. */
  #meanwhile: Incident[] | null = null;
  #state = $state<State>('loading');
  #error = $state.raw<unknown>(null);
  #called = $state.raw<Incident | null>(null);
  /** How often all was given back: what was asked for before that comes too late. */
  #cleared = 0;

  constructor() {
    feed.on('incident', (incident) => this.#hear(incident));
    feed.onResumed(() => void this.read());
  }

  get state(): State { return this.#state; }
  get error(): unknown { return this.#error; }

  /** Worst first, then the one that has waited longest; closed ones newest first. */
  get open(): Incident[] {
    return [...this.#byId.values()].filter((incident) => !isClosed(incident))
      .sort((a, b) => a.priority - b.priority || a.reportedAt.localeCompare(b.reportedAt));
  }

  /** Those to which no drone is on its way. */
  get waiting(): Incident[] { return this.open.filter((incident) => !incident.vehicleId); }

  /** The call that came last while this console was open. */
  get called(): Incident | null { return this.#called; }

  get closed(): Incident[] {
    return [...this.#byId.values()].filter(isClosed).sort((a, b) => b.reportedAt.localeCompare(a.reportedAt));
  }

  find(id: string | null): Incident | null {
    return id === null ? null : (this.#byId.get(id) ?? null);
  }

  async read(): Promise<void> {
    const heard: Incident[] = [];
    const cleared = this.#cleared;
    this.#meanwhile = heard;
    try {
      // Of those that are closed the newest; of those that are not, every one, however old.
      const [newest, open] = await Promise.all([http.get<Page<Incident>>('/incidents', { query: { limit: pageLength } }), this.#readOpen()]);
      if (cleared !== this.#cleared) return;
      this.#byId = new Map([...newest.items, ...open].map((incident) => [incident.id, incident]));
      if (this.#meanwhile === heard) this.#meanwhile = null;
      for (const incident of heard) this.put(incident);
      this.#state = 'ready';
    } catch (error) {
      if (cleared !== this.#cleared) return;
      if (this.#meanwhile === heard) this.#meanwhile = null;
      this.#error = error;
      if (this.#state === 'loading') this.#state = 'failed';
    }
  }

  async #readOpen(): Promise<Incident[]> {
    const all: Incident[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Incident> = await http.get<Page<Incident>>('/incidents', { query: { open: true, limit: pageLength, cursor } });
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  }

  /** Reads one with its time axis, which a list may leave out. */
  async readOne(id: string): Promise<void> {
    this.put(await http.get<Incident>(`/incidents/${encodeURIComponent(id)}`));
  }

  /** Of what stood before the list was read nothing is heard: a console that starts is no new call. */
  #hear(incident: Incident): void {
    const ring = this.#state === 'ready' ? ringOf(this.#byId.has(incident.id), incident, clock.now) : null;
    this.put(incident);
    if (!ring) return;
    this.#called = incident;
    if (preferences.sound) sound(ring);
  }

  /** When somebody leaves: the next at this console begins with what is there for him. */
  clear(): void {
    this.#cleared++;
    this.#byId = new Map();
    this.#meanwhile = null;
    this.#state = 'loading';
    this.#called = null;
  }

  put(incident: Incident): void {
    this.#meanwhile?.push(incident);
    const known = this.#byId.get(incident.id);
    // The feed may send an incident without its axis: what is known of it is kept.
    this.#byId = new Map(this.#byId).set(incident.id, { ...incident, timeAxis: incident.timeAxis ?? known?.timeAxis ?? [] });
  }
}

export function isClosed(incident: Incident): boolean {
  return incident.state.toLowerCase() === 'closed';
}

export const incidents = new Incidents();
