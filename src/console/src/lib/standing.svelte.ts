import { http } from './api/client';
import { feed } from './feed/feed.svelte';

export interface Licence {
  id: string;
  number: string;
  class: string;
  validFrom: string;
  validUntil: string;
  medicalUntil: string | null;
  state: 'valid' | 'expired' | 'future' | 'withdrawn';
  withdrawnFor: string | null;
}

/** How a pilot stands: what he holds, has flown, and lacks to launch. */
export interface Standing {
  pilot: string;
  licences: Licence[];
  flights: number;
  currencyDays: number;
  hoursInDay: number;
  hoursInWeek: number;
  lacks: { kind: string; text: string }[];
  rule: 'warn' | 'refuse';
}

/** My own standing, read when the feed begins and again before each launch: it must be seen before, not after. */
class MyStanding {
  #mine = $state.raw<Standing | null>(null);

  constructor() {
    feed.onResumed(() => void this.read());
  }

  get lacks(): string[] { return this.#mine?.lacks.map((lack) => lack.text) ?? []; }
  get refuses(): boolean { return this.#mine?.rule === 'refuse'; }

  async read(): Promise<void> {
    try {
      this.#mine = await http.get<Standing>('/licences/mine');
    } catch {
      // What was read last stays; the server decides in any case.
    }
  }
}

export const myStanding = new MyStanding();
