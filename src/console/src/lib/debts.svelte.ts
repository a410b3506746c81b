import { http } from './api/client';
import type { Debt, Page, Sortie } from './api/types';
import { feed } from './feed/feed.svelte';

const mostShown = 1000;

/** Flights that owe their purpose: read whole when the feed begins, then whenever it tells of a sortie that owes or owed. */
class Debts {
  #open = $state.raw<Debt[]>([]);
  #state = $state<'loading' | 'ready' | 'failed'>('loading');

  constructor() {
    feed.onResumed(() => void this.read());
    feed.on('sortie', (sortie) => {
      if (this.#tells(sortie)) void this.read();
    });
  }

  /** Overdue ones first, then the oldest. */
  get open(): Debt[] { return this.#open; }
  get overdue(): number { return this.#open.filter((debt) => debt.state === 'overdue').length; }
  get state(): 'loading' | 'ready' | 'failed' { return this.#state; }

  async read(): Promise<void> {
    try {
      this.#open = (await http.get<Page<Debt>>('/debts', { query: { state: 'unsettled', limit: mostShown } })).items.toSorted(inOrder);
      this.#state = 'ready';
    } catch {
      // What was read last stays: a list of what is owed must not look settled because the server is away.
      if (this.#state === 'loading') this.#state = 'failed';
    }
  }

  clear(): void {
    this.#open = [];
    this.#state = 'loading';
  }

  /** Whether a sortie says something about what is owed that the list does not know yet. */
  #tells({ id, debt, landedAt }: Sortie): boolean {
    const known = this.#open.find((other) => other.sortieId === id);
    return known ? debt?.state !== known.state || landedAt !== known.landedAt : debt != null && debt.state !== 'settled';
  }
}

function inOrder(one: Debt, other: Debt): number {
  return Number(other.state === 'overdue') - Number(one.state === 'overdue') || one.takeoffAt.localeCompare(other.takeoffAt);
}

export const debts = new Debts();
