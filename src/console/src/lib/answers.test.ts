import { afterEach, describe, expect, it, vi } from 'vitest';
import { Answer, PagedList } from './answers.svelte';
import { http } from './api/client';
import { notices } from './say.svelte';

// What says things to people wants a page to say them on.
vi.mock('./say.svelte', () => ({ notices: { fail: vi.fn() } }));

/** Questions whose answers come when the test wants them to. */
function desk<T>(): { ask: () => Promise<T>; answer: (index: number, value: T) => Promise<void>; refuse: (index: number, error: Error) => Promise<void> } {
  const open: { resolve: (value: T) => void; reject: (error: Error) => void }[] = [];
  const settled = async (): Promise<void> => void (await new Promise((done) => setTimeout(done)));
  return {
    ask: () => new Promise<T>((resolve, reject) => open.push({ resolve, reject })),
    answer: (index, value) => (open[index]!.resolve(value), settled()),
    refuse: (index, error) => (open[index]!.reject(error), settled()),
  };
}

const page = (items: number[], nextCursor: string | null = null): { items: number[]; nextCursor: string | null } => ({ items, nextCursor });

afterEach(() => vi.restoreAllMocks());

describe('an answer', () => {
  it('is that to the newest question, whichever comes last, well or ill', async () => {
    const [{ ask, answer, refuse }, shown] = [desk<string>(), new Answer<string>()];
    for (let question = 0; question < 3; question++) void shown.ask(ask);
    await answer(2, 'third');
    await answer(0, 'first');
    await refuse(1, new Error('second'));
    expect([shown.value, shown.error]).toEqual(['third', null]);
  });

  it('is an error until the next question is answered', async () => {
    const [{ ask, answer, refuse }, shown] = [desk<string>(), new Answer<string>()];
    void shown.ask(ask);
    await refuse(0, new Error('away'));
    expect(shown.error).toEqual(new Error('away'));
    void shown.ask(ask);
    await answer(1, 'back');
    expect([shown.value, shown.error]).toEqual(['back', null]);
  });
});

describe('a list in pages', () => {
  it('grows by what follows, once, however often it is asked for', async () => {
    const { ask, answer } = desk();
    const get = vi.spyOn(http, 'get').mockImplementation(ask as typeof http.get);
    const list = new PagedList<number>('/alarms', 2);
    void list.read({ severity: 'warning' });
    expect(list.phase).toBe('loading');
    await answer(0, page([1, 2], 'two'));
    void list.more();
    void list.more();
    await answer(1, page([3, 4], 'four'));
    await answer(2, page([3, 4], 'four'));
    expect([list.items, list.cursor, list.phase]).toEqual([[1, 2, 3, 4], 'four', 'ready']);
    expect(get.mock.calls.map(([path, options]) => [path, options?.query])).toEqual([
      ['/alarms', { severity: 'warning', limit: 2, cursor: null }], ['/alarms', { severity: 'warning', limit: 2, cursor: 'two' }], ['/alarms', { severity: 'warning', limit: 2, cursor: 'two' }],
    ]);
  });

  it('goes on through empty pages until something comes, and ends with the last', async () => {
    const { ask, answer } = desk();
    const get = vi.spyOn(http, 'get').mockImplementation(ask as typeof http.get);
    const list = new PagedList<number>('/audit/entries');
    void list.read({ subject: 'vehicle/7' });
    await answer(0, page([], 'one'));
    expect([list.items, list.cursor, list.phase]).toEqual([[], 'one', 'ready']);
    expect(get).toHaveBeenCalledTimes(1);
    void list.more();
    await answer(1, page([], 'two'));
    await answer(2, page([7], 'three'));
    expect([list.items, list.cursor]).toEqual([[7], 'three']);
    expect(get).toHaveBeenCalledTimes(3);
    void list.more();
    await answer(3, page([]));
    expect([list.items, list.cursor]).toEqual([[7], null]);
    expect(get.mock.calls.map(([, options]) => options?.query?.['cursor'])).toEqual([null, 'one', 'two', 'three']);
  });

  it('drops a page of what was asked before', async () => {
    const { ask, answer, refuse } = desk();
    vi.spyOn(http, 'get').mockImplementation(ask as typeof http.get);
    const list = new PagedList<number>('/alarms');
    void list.read({ severity: 'warning' });
    await answer(0, page([1], 'one'));
    void list.more();
    void list.read({ severity: 'caution' });
    await answer(2, page([7]));
    await answer(1, page([2]));
    expect([list.items, list.cursor]).toEqual([[7], null]);
    void list.read({ severity: 'advisory' });
    void list.read({ severity: 'warning' });
    await answer(4, page([1]));
    await refuse(3, new Error('late'));
    expect([list.items, list.phase]).toEqual([[1], 'ready']);
  });

  it('says why nothing is there, and keeps what is there when more does not come', async () => {
    const { ask, answer, refuse } = desk();
    vi.spyOn(http, 'get').mockImplementation(ask as typeof http.get);
    const list = new PagedList<number>('/alarms');
    void list.read({});
    await refuse(0, new Error('away'));
    expect([list.phase, list.error]).toEqual(['failed', new Error('away')]);
    void list.again();
    await answer(1, page([1], 'one'));
    void list.more();
    await refuse(2, new Error('away again'));
    expect([list.items, list.cursor, list.phase]).toEqual([[1], 'one', 'ready']);
    expect(notices.fail).toHaveBeenCalledWith(new Error('away again'));
  });
});
