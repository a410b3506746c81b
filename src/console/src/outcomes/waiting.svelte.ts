import { http } from '$lib/api/client';
import type { Page } from '$lib/api/types';
import { feed } from '$lib/feed/feed.svelte';
import { session } from '$lib/session.svelte';
import { mayDecide, type OutcomeRecord } from './outcome';

const mostShown = 200;
const everyMs = 60_000;

/** Outcomes that wait for a second person, of any time: read when the feed begins, each minute, and when one was entered or decided here. */
class WaitingOutcomes {
  #all = $state.raw<OutcomeRecord[]>([]);

  constructor() {
    feed.onResumed(() => void this.read());
    setInterval(() => {
      if (session.state === 'signedIn' && feed.live) void this.read();
    }, everyMs);
  }

  get all(): OutcomeRecord[] { return this.#all; }
  /** Those that the person at the console may decide. */
  get mine(): OutcomeRecord[] {
    return session.mayDispatch ? this.#all.filter((record) => mayDecide(record, session.actor)) : [];
  }

  async read(): Promise<void> {
    try {
      this.#all = (await http.get<Page<OutcomeRecord>>('/outcomes/records', { query: { state: 'entered', limit: mostShown } })).items;
    } catch {
      // What was read last stays.
    }
  }

  clear(): void {
    this.#all = [];
  }
}

export const waitingOutcomes = new WaitingOutcomes();
