import type { BaseFeature, CrewReportKind, FieldView, Point } from './types';

export type LinkState = 'opening' | 'open' | 'none' | 'ended' | 'many';

const staleAfterMs = 40_000;
const renewEveryMs = 5 * 60_000;
/** A network that is there and carries nothing must not keep a crew waiting for an answer. */
const answerMs = 8_000;

/** The link that this phone has opened: what it shows, kept up to date by the server's events, and what the crew tells through it. */
class Link {
  #state = $state<LinkState>('opening');
  #view = $state.raw<FieldView | null>(null);
  #map = $state.raw<BaseFeature[]>([]);
  #heardAt = $state(0);
  #lost = $state(false);
  #events: EventSource | null = null;
  #mappedAt = '';

  get state(): LinkState { return this.#state; }

  get view(): FieldView | null { return this.#view; }

  get map(): BaseFeature[] { return this.#map; }

  /** Whether what is shown may be old. */
  get lost(): boolean { return this.#lost; }

  get heardAt(): number { return this.#heardAt; }

  async begin(): Promise<void> {
    const text = location.hash.slice(1);
    // Out of the address before anything else: a screenshot or the history must not hand the link on.
    if (text) history.replaceState(null, '', location.pathname);
    if (text) {
      const status = await this.#redeem(text);
      if (status === 429) this.#state = 'many';
      else if (status === 401) this.#state = 'ended';
      if (status !== 204) return;
    }
    if (!(await this.#read())) {
      this.#state = text ? 'ended' : 'none';
      return;
    }
    this.#follow();
    setInterval(() => this.#watch(), 5_000);
    setInterval(() => void this.#read(), renewEveryMs);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.#read().then((is) => is && this.#follow());
    });
  }

  /** Tells the centre something; false when it did not get through. */
  async tell(kind: CrewReportKind): Promise<boolean> {
    const answer = await send('POST', '/field/reports', { kind });
    if (answer?.status === 401) this.#end();
    const view = answer?.ok ? await bodyOf<FieldView>(answer) : null;
    if (view) this.#take(view);
    return view !== null;
  }

  /** Tells where the phone is; answers the status, 0 when it did not get through. */
  async stand(location: Point, at: string, headingDeg: number | null, speedMps: number | null): Promise<number> {
    const answer = await send('PUT', '/field/position', { location, at, headingDeg, speedMps });
    if (answer?.status === 401) this.#end();
    return answer?.status ?? 0;
  }

  /** The network may fail in a stairwell: the link is tried until the server answers. */
  async #redeem(token: string): Promise<number> {
    for (let wait = 1000; ; wait = Math.min(wait * 2, 8000)) {
      const answer = await send('POST', '/field/session', { token });
      if (answer && answer.status < 500) return answer.status;
      this.#lost = true;
      await new Promise((next) => setTimeout(next, wait));
    }
  }

  /** Reads it whole and renews the cookie; false when the link does not hold. */
  async #read(): Promise<boolean> {
    const answer = await send('GET', '/field/incident');
    if (answer?.status === 401) {
      if (this.#view) this.#end();
      return false;
    }
    const view = answer?.ok ? await bodyOf<FieldView>(answer) : null;
    if (view) this.#take(view);
    else this.#lost = true;
    return true;
  }

  #follow(): void {
    if (this.#state === 'ended') return;
    this.#events?.close();
    const events = new EventSource('/field/events');
    this.#events = events;
    events.addEventListener('incident', (event) => this.#take(JSON.parse((event as MessageEvent<string>).data) as FieldView));
    events.addEventListener('ended', () => this.#end());
    events.onerror = () => {
      this.#lost = true;
      // A browser gives up where the server answered with an error; asking tells whether the link still holds.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => void this.#read().then((is) => is && this.#follow()), 3000);
    };
  }

  #watch(): void {
    if (this.#heardAt > 0 && Date.now() - this.#heardAt > staleAfterMs) this.#lost = true;
  }

  #take(view: FieldView): void {
    if (this.#state === 'ended') return;
    this.#view = view;
    this.#heardAt = Date.now();
    this.#lost = false;
    this.#state = 'open';
    const place = view.incident.location.coordinates.join();
    if (place !== this.#mappedAt) void this.#chart(place);
  }

  async #chart(place: string): Promise<void> {
    this.#mappedAt = place;
    const answer = await send('GET', '/field/map.geojson');
    const map = answer?.ok ? await bodyOf<{ features: BaseFeature[] }>(answer) : null;
    if (map) this.#map = map.features;
    else this.#mappedAt = '';
  }

  #end(): void {
    this.#events?.close();
    this.#events = null;
    this.#view = null;
    this.#map = [];
    this.#state = 'ended';
  }
}

async function send(method: string, path: string, body?: unknown): Promise<Response | null> {
  try {
    return await fetch(path, {
      method, signal: AbortSignal.timeout(answerMs), credentials: 'same-origin', referrerPolicy: 'no-referrer', ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    return null;
  }
}

/** What an answer says; null where the network broke off in the middle of it. */
async function bodyOf<T>(answer: Response): Promise<T | null> {
  try {
    return (await answer.json()) as T;
  } catch {
    return null;
  }
}

export const link = new Link();
