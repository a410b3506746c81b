import type { FlightAlert } from './api/types';
import { feed } from './feed/feed.svelte';
import { preferences } from './preferences.svelte';

const keptAlerts = 200;
const order = { warning: 0, caution: 1, advisory: 2 } as const;

/** What needs an operator, until one has acknowledged it. Silencing the sound acknowledges nothing. */
class Alerts {
  #open = $state.raw<FlightAlert[]>([]);

  constructor() {
    feed.on('alert', (alert) => this.#take(alert));
  }

  /** Worst first, newest first within a rank. */
  get open(): FlightAlert[] { return this.#open; }

  acknowledge(id: string): void {
    this.#open = this.#open.filter((alert) => alert.id !== id);
  }

  #take(alert: FlightAlert): void {
    const severity = alert.severity in order ? alert.severity : 'advisory';
    const others = this.#open.filter((other) => other.id !== alert.id);
    this.#open = [{ ...alert, severity }, ...others]
      .sort((a, b) => order[a.severity] - order[b.severity] || b.at.localeCompare(a.at))
      .slice(0, keptAlerts);
    if (preferences.sound && severity !== 'advisory') beep(severity === 'warning' ? 880 : 620);
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
