import { takeAlert } from './alertOrder';
import { http } from './api/client';
import type { FlightAlert } from './api/types';
import { feed } from './feed/feed.svelte';
import { preferences } from './preferences.svelte';
import { notices } from './say.svelte';

/** What needs an operator, until one has acknowledged it. Silencing the sound acknowledges nothing. */
class Alerts {
  #open = $state.raw<FlightAlert[]>([]);

  constructor() {
    feed.on('alert', (alert) => this.#take(alert));
  }

  get open(): FlightAlert[] { return this.#open; }

  /** The acknowledgement is the server's to make and to record; the alert leaves the list when it is made. */
  async acknowledge(id: string): Promise<void> {
    try {
      this.#take(await http.post<FlightAlert>(`/alerts/${encodeURIComponent(id)}/ack`));
    } catch (error) {
      notices.fail(error);
    }
  }

  clear(): void {
    this.#open = [];
  }

  #take(alert: FlightAlert): void {
    const isNew = !this.#open.some((other) => other.id === alert.id);
    this.#open = takeAlert(this.#open, alert);
    if (isNew && !alert.acknowledgedAt && preferences.sound && alert.severity !== 'advisory') beep(alert.severity === 'warning' ? 880 : 620);
  }
}

function beep(hertz: number): void {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.12, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.36);
  tone.onended = () => void audio.close();
}

export const alerts = new Alerts();
