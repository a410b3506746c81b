import { link } from './link.svelte';

export type SharingState = 'off' | 'finding' | 'on' | 'denied' | 'insecure' | 'outside';

// A patrol on foot moves a few metres in this time; a phone's battery lasts the shift.
const tellEveryMs = 4_000;
// Worse than this is a mast's guess, not a position.
const worstAccuracyM = 150;

/** Where this phone is: asked for only after the officer has said so, and told on only while the page is open. */
class Position {
  #state = $state<SharingState>('off');
  #here = $state.raw<{ lon: number; lat: number; at: number } | null>(null);
  #watching: number | null = null;
  #toldAt = 0;

  get state(): SharingState { return this.#state; }

  get here(): { lon: number; lat: number; at: number } | null { return this.#here; }

  start(): void {
    if (!window.isSecureContext || !('geolocation' in navigator)) {
      this.#state = 'insecure';
      return;
    }
    this.#state = 'finding';
    this.#watching = navigator.geolocation.watchPosition(
      (found) => void this.#take(found),
      (error) => {
        if (error.code === error.PERMISSION_DENIED) this.stop('denied');
      },
      { enableHighAccuracy: true, maximumAge: 2_000, timeout: 20_000 },
    );
  }

  stop(why: SharingState = 'off'): void {
    if (this.#watching !== null) navigator.geolocation.clearWatch(this.#watching);
    this.#watching = null;
    this.#here = null;
    this.#state = why;
  }

  async #take({ coords, timestamp }: GeolocationPosition): Promise<void> {
    if (this.#watching === null || coords.accuracy > worstAccuracyM) return;
    this.#here = { lon: coords.longitude, lat: coords.latitude, at: timestamp };
    if (this.#state !== 'outside') this.#state = 'on';
    if (Date.now() - this.#toldAt < tellEveryMs) return;
    this.#toldAt = Date.now();
    const status = await link.stand(
      { type: 'Point', coordinates: [coords.longitude, coords.latitude] }, new Date(timestamp).toISOString(),
      coords.heading === null || Number.isNaN(coords.heading) ? null : coords.heading, coords.speed === null || Number.isNaN(coords.speed) ? null : coords.speed,
    );
    if (this.#watching !== null) this.#state = status === 400 ? 'outside' : 'on';
    if (status === 401) this.stop();
  }
}

export const position = new Position();
