import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Incident } from '$lib/api/types';

const told = vi.hoisted(() => ({ hear: (_: unknown): void => undefined, get: vi.fn(), sound: vi.fn() }));
vi.mock('$lib/feed/feed.svelte', () => ({ feed: { on: (_: string, hear: (body: unknown) => void) => (told.hear = hear), onResumed: () => undefined } }));
vi.mock('$lib/api/client', () => ({ http: { get: told.get } }));
vi.mock('$lib/preferences.svelte', () => ({ preferences: { sound: true } }));
vi.mock('$lib/clock.svelte', () => ({ clock: { now: Date.parse('2026-05-01T08:00:10Z') } }));
vi.mock('$lib/sound', () => ({ sound: told.sound }));

const { incidents } = await import('./incidents.svelte');

const call = (id: string, state: string, priority = 2): Incident => ({ id, state, priority, reportedAt: `2026-05-01T08:00:0${id.length}Z`, timeAxis: [] }) as unknown as Incident;

beforeEach(() => {
  told.get.mockReset();
  told.sound.mockReset();
  incidents.clear();
});

describe('the incidents of the console', () => {
  it('are all that are open, however old, and the newest that are closed', async () => {
    told.get.mockImplementation(async (_: string, { query }: { query: { open?: boolean; cursor?: string | null } }) => {
      if (!query.open) return { items: [call('new', 'closed'), call('now', 'open')], nextCursor: 'more' };
      return query.cursor ? { items: [call('old', 'open', 1)], nextCursor: null } : { items: [call('now', 'open')], nextCursor: 'next' };
    });
    await incidents.read();
    expect(incidents.open.map(({ id }) => id)).toEqual(['old', 'now']);
    expect(incidents.closed.map(({ id }) => id)).toEqual(['new']);
  });

  it('are as the feed says, when it says so while the list is read', async () => {
    told.get.mockImplementation(async (_: string, { query }: { query: { open?: boolean } }) => {
      if (query.open) told.hear(call('now', 'dispatched'));
      return { items: [call('now', 'open')], nextCursor: null };
    });
    await incidents.read();
    expect(incidents.find('now')?.state).toBe('dispatched');
  });

  it('are heard of when one comes, but not those that stood before the list was read', async () => {
    told.get.mockResolvedValue({ items: [call('old', 'open')], nextCursor: null });
    told.hear(call('before', 'open'));
    await incidents.read();
    told.hear(call('old', 'dispatched'));
    expect([told.sound.mock.calls, incidents.called]).toEqual([[], null]);
    told.hear(call('now', 'open', 1));
    expect([told.sound.mock.calls, incidents.called?.id]).toEqual([[['urgentCall']], 'now']);
  });

  it('are nobody\'s when he leaves, whatever was still being read for him', async () => {
    let answer = (_: unknown): void => undefined;
    told.get.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const reading = incidents.read();
    incidents.clear();
    answer({ items: [call('old', 'open')], nextCursor: null });
    await reading;
    expect([incidents.open, incidents.state, incidents.called]).toEqual([[], 'loading', null]);
  });
});
