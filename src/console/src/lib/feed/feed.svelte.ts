import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { antiforgeryHeaders, http } from '../api/client';
import type { Alarm } from '../api/alarmTypes';
import type { Incident, Occurrence, Page, RemovedUnit, Sortie, Unit, Vehicle } from '../api/types';
import { FleetBook, type VehicleChange } from './fleetBook';
import { unwrap } from './wire';

export type FeedState = 'off' | 'connecting' | 'live' | 'reconnecting';

interface Events {
  incident: Incident;
  sortie: Sortie;
  alert: Alarm;
  patrol: Occurrence;
  unit: Unit | RemovedUnit;
}

const longestPauseMs = 5000;

/** Longer after each attempt, and by lot: after a restart the screens of a whole city do not come back in the same moment. */
function pauseMs(attempt: number): number {
  return Math.min(longestPauseMs, 250 * 2 ** attempt) * (0.5 + Math.random());
}

/**
 * The one connection to the server's feed. It never gives up: a control room's screen is left alone for days. After a break
 * it tells the server the last event it saw, and takes the full picture again besides, so nothing that matters is missed.
 */
class Feed {
  readonly book = new FleetBook();
  #state = $state<FeedState>('off');
  #since = $state(Date.now());
  #hub: HubConnection | null = null;
  #lastEventId: number | null = null;
  #wanted = false;
  /** The connection that is being made ready. */
  #connecting: HubConnection | null = null;
  readonly #listeners: { [K in keyof Events]: Set<(item: Events[K]) => void> } = {
    incident: new Set(), sortie: new Set(), alert: new Set(), patrol: new Set(), unit: new Set(),
  };
  readonly #resumed = new Set<() => void>();

  get state(): FeedState { return this.#state; }
  get live(): boolean { return this.#state === 'live'; }
  /** When the present state began, milliseconds since 1970. */
  get since(): number { return this.#since; }

  on<K extends keyof Events>(event: K, listener: (item: Events[K]) => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  /** Called after every (re)connection, when lists that are not pushed whole should be read again. */
  onResumed(listener: () => void): () => void {
    this.#resumed.add(listener);
    return () => this.#resumed.delete(listener);
  }

  async start(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    const hub = new HubConnectionBuilder()
      .withUrl('/feed', { headers: antiforgeryHeaders() })
      .withHubProtocol(new MessagePackHubProtocol())
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: (retry) => pauseMs(retry.previousRetryCount) })
      .configureLogging(LogLevel.None)
      .build();
    hub.serverTimeoutInMilliseconds = 10_000;
    hub.keepAliveIntervalInMilliseconds = 4000;
    hub.on('vehicles', (batch: VehicleChange[]) => this.book.merge(batch, performance.now()));
    for (const name of Object.keys(this.#listeners) as (keyof Events)[]) {
      hub.on(name, (payload: unknown) => this.#dispatch(name, payload));
    }
    hub.onreconnecting(() => this.#enter('reconnecting'));
    // Until it is subscribed the server sends nothing: one answer that fails must not leave the screen dead.
    hub.onreconnected(() => void this.#connect());
    hub.onclose(() => {
      if (this.#wanted) void this.#connect();
    });
    this.#hub = hub;
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    const hub = this.#hub;
    this.#hub = null;
    this.#lastEventId = null;
    this.book.clear();
    this.#enter('off');
    await hub?.stop();
  }

  #dispatch<K extends keyof Events>(name: K, payload: unknown): void {
    const { eventId, item } = unwrap<Events[K]>(payload);
    if (eventId !== null) this.#lastEventId = eventId;
    for (const listener of this.#listeners[name]) listener(item);
  }

  async #connect(): Promise<void> {
    const hub = this.#hub;
    // One that is at it tries until it is through, whatever becomes of the connection meanwhile.
    if (!hub || hub === this.#connecting) return;
    this.#connecting = hub;
    this.#enter(this.#state === 'live' || this.#state === 'reconnecting' ? 'reconnecting' : 'connecting');
    for (let attempt = 0; this.#wanted && hub === this.#hub; attempt++) {
      try {
        if (hub.state === HubConnectionState.Disconnected) await hub.start();
        await this.#subscribe();
        break;
      } catch {
        // While no live connection can be made (a proxy that forbids it), an old picture is better than none: it is marked as old.
        await this.#readFleet().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, pauseMs(attempt)));
      }
    }
    if (this.#connecting === hub) this.#connecting = null;
  }

  async #subscribe(): Promise<void> {
    // The list first: it says what no longer exists. Then the feed sends each vehicle whole once and only what changes after that,
    // and a list read meanwhile would come between two changes that belong together.
    await this.#readFleet();
    await this.#hub?.invoke('Subscribe', { bounds: null, vehicles: null, rateHz: 10, lastEventId: this.#lastEventId, changesOnly: true });
    this.#enter('live');
    for (const listener of this.#resumed) listener();
  }

  async #readFleet(): Promise<void> {
    const all: Vehicle[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Vehicle> = await http.get<Page<Vehicle>>('/vehicles', { query: { limit: 500, cursor } });
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    this.book.replace(all, performance.now());
  }

  #enter(state: FeedState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = Date.now();
  }
}

export const feed = new Feed();
