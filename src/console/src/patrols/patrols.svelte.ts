import { http } from '$lib/api/client';
import type { Occurrence, Page, Patrol, RouteSummary } from '$lib/api/types';
import { feed } from '$lib/feed/feed.svelte';

const dayMs = 86_400_000;

/** The plans, the route library and the runs around now. Read when the page opens and after every reconnection. */
class Patrols {
  plans = $state.raw<Patrol[]>([]);
  routes = $state.raw<RouteSummary[]>([]);
  runs = $state.raw<Occurrence[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);

  constructor() {
    feed.on('patrol', (run) => this.#put(run));
    feed.onResumed(() => void this.read());
  }

  async read(): Promise<void> {
    try {
      const [plans, routes] = await Promise.all([
        http.get<Page<Patrol>>('/patrols', { query: { limit: 500 } }),
        http.get<Page<RouteSummary>>('/routes', { query: { limit: 500 } }),
        this.readRuns(),
      ]);
      this.plans = plans.items;
      this.routes = routes.items;
      this.state = 'ready';
    } catch (error) {
      this.error = error;
      if (this.state === 'loading') this.state = 'failed';
    }
  }

  async readRuns(): Promise<void> {
    const now = Date.now();
    const page = await http.get<Page<Occurrence>>('/patrols/occurrences', {
      query: { from: new Date(now - dayMs / 2).toISOString(), to: new Date(now + dayMs / 2).toISOString(), limit: 200 },
    });
    this.runs = page.items.toSorted((a, b) => a.plannedAt.localeCompare(b.plannedAt));
  }

  /** What the feed tells of a run takes the place of what was known of it. */
  #put(run: Occurrence): void {
    this.runs = [...this.runs.filter((known) => known.id !== run.id), run].toSorted((a, b) => a.plannedAt.localeCompare(b.plannedAt));
  }

  /** A route with its line, which the list may leave out. */
  async readRoute(id: string): Promise<RouteSummary> {
    const route = await http.get<RouteSummary>(`/routes/${encodeURIComponent(id)}`);
    this.routes = this.routes.map((known) => (known.id === id ? { ...known, ...route } : known));
    return route;
  }
}

export const patrols = new Patrols();
