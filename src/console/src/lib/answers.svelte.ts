import { http, type CallOptions } from './api/client';
import type { Page } from './api/types';
import { notices } from './say.svelte';

/** What a page shows of a question that changes while it is answered: the answer to the newest. One that comes late, good or bad, is dropped. */
export class Answer<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  #turn = 0;

  /** Asks; what was there is shown until the answer comes. */
  async ask(question: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const value = await question();
      if (turn === this.#turn) [this.value, this.error] = [value, null];
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }
}

/** A list that the server gives out page by page, as far as it has been asked for. The newest question counts, as with {@link Answer}. */
export class PagedList<T> {
  items = $state.raw<T[]>([]);
  /** Where the next page begins; null after the last. */
  cursor = $state<string | null>(null);
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  readonly #path: string;
  readonly #limit: number;
  #query: CallOptions['query'] = {};
  #turn = 0;

  constructor(path: string, limit = 100) {
    this.#path = path;
    this.#limit = limit;
  }

  /** The first page of what is asked for now. */
  async read(query: CallOptions['query']): Promise<void> {
    this.#query = query;
    await this.again();
  }

  readonly again = async (): Promise<void> => {
    try {
      const page = await this.#page(null);
      if (page) [this.items, this.cursor, this.error, this.phase] = [page.items, page.nextCursor, null, 'ready'];
    } catch (error) {
      [this.error, this.phase] = [error, 'failed'];
    }
  };

  /** The next page, below what is there; when it does not come, that stays. A page may be empty and not the last: then on to the next that is not. */
  readonly more = async (): Promise<void> => {
    try {
      let page: Page<T> | null;
      do {
        page = await this.#page(this.cursor);
        if (page) [this.items, this.cursor] = [[...this.items, ...page.items], page.nextCursor];
      } while (page?.items.length === 0 && page.nextCursor !== null);
    } catch (error) {
      notices.fail(error);
    }
  };

  /** Null, and no error, where something else was asked meanwhile. */
  async #page(cursor: string | null): Promise<Page<T> | null> {
    const turn = ++this.#turn;
    try {
      const page = await http.get<Page<T>>(this.#path, { query: { ...this.#query, limit: this.#limit, cursor } });
      return turn === this.#turn ? page : null;
    } catch (error) {
      if (turn === this.#turn) throw error;
      return null;
    }
  }
}
