import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const hub = vi.hoisted(() => ({
  state: 'Disconnected', invoked: 0, refuse: 0,
  reconnecting: (): void => undefined, reconnected: (): void => undefined,
  get: vi.fn(),
}));
vi.mock('@microsoft/signalr', () => {
  const connection = {
    get state() { return hub.state; },
    start: async () => void (hub.state = 'Connected'),
    stop: async () => void (hub.state = 'Disconnected'),
    invoke: async () => {
      hub.invoked++;
      if (hub.refuse-- > 0) throw new Error('refused');
    },
    on: () => undefined,
    onreconnecting: (act: () => void) => void (hub.reconnecting = act),
    onreconnected: (act: () => void) => void (hub.reconnected = act),
    onclose: () => undefined,
  };
  const builder = Object.assign(Object.fromEntries(['withUrl', 'withHubProtocol', 'withAutomaticReconnect', 'configureLogging'].map((name) => [name, () => builder])), { build: () => connection }) as Record<string, unknown>;
  return { HubConnectionBuilder: function make() { return builder; }, HubConnectionState: { Disconnected: 'Disconnected' }, LogLevel: { None: 6 } };
});
vi.mock('@microsoft/signalr-protocol-msgpack', () => ({ MessagePackHubProtocol: class {} }));
vi.mock('../api/client', () => ({ antiforgeryHeaders: () => ({}), http: { get: hub.get } }));

const { feed } = await import('./feed.svelte');

beforeEach(async () => {
  vi.useFakeTimers();
  hub.get.mockReset().mockResolvedValue({ items: [], nextCursor: null });
  [hub.state, hub.invoked, hub.refuse] = ['Disconnected', 0, 0];
  await feed.start();
});
afterEach(async () => {
  await feed.stop();
  vi.useRealTimers();
});

describe('the feed after a break', () => {
  it.each([['the list', () => hub.get.mockRejectedValueOnce(new Error('503'))], ['the subscription', () => (hub.refuse = 1)]])('tries again where %s is refused once', async (_, refuse) => {
    expect(feed.state).toBe('live');
    const resumed = vi.fn();
    const off = feed.onResumed(resumed);
    hub.reconnecting();
    refuse();
    hub.reconnected();
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.state).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(feed.state).toBe('live');
    expect(resumed).toHaveBeenCalledOnce();
    off();
  });

  it('is subscribed once for each connection, though the line breaks again before it was through', async () => {
    hub.reconnecting();
    hub.refuse = 1;
    hub.reconnected();
    await vi.advanceTimersByTimeAsync(0);
    hub.reconnecting();
    hub.reconnected();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(feed.state).toBe('live');
    expect(hub.invoked).toBe(3); // At the start, refused, and through.
  });
});
