import { calls, soundOf, takeAlarm, topLevel } from './alarmOrder';
import { http } from './api/client';
import type { Alarm } from './api/alarmTypes';
import type { Page } from './api/types';
import { feed } from './feed/feed.svelte';
import { preferences } from './preferences.svelte';
import { notices } from './say.svelte';
import { sound } from './sound';

/** What stands: what needs an operator, what he knows of, and what is held. Silencing the sound acknowledges nothing. */
class Alarms {
  #standing = $state.raw<Alarm[]>([]);
  #known = $state(false);

  constructor() {
    feed.on('alert', (alarm) => this.#take(alarm));
    feed.onResumed(() => void this.#read());
  }

  /** All of them, members of groups too. */
  get standing(): Alarm[] { return this.#standing; }
  /** Whether the server has said what stands: an empty list is no all-clear before that. */
  get known(): boolean { return this.#known; }
  /** What nobody has acknowledged; a group once. */
  get calling(): Alarm[] { return topLevel(this.#standing).filter(calls); }

  /** The acknowledgement is the server's to make and to record. */
  async acknowledge(ids: readonly string[]): Promise<void> {
    // With what the screen shows: what joins or worsens while the click is on its way was not seen and goes on calling.
    const seen = this.#standing.filter(({ id }) => ids.includes(id)).map(({ id, severity, members }) => ({ id, severity, members }));
    await this.#try(async () => {
      const answer = await http.post<{ items: Alarm[] }>('/alarms/acknowledge', { ids, seen });
      for (const alarm of answer.items) this.#take(alarm);
    });
  }

  async shelve(id: string, minutes: number, reason: string): Promise<boolean> {
    return this.#try(() => http.post(`/alarms/${encodeURIComponent(id)}/shelf`, { minutes, reason }));
  }

  async unshelve(id: string): Promise<boolean> {
    return this.#try(() => http.delete(`/alarms/${encodeURIComponent(id)}/shelf`));
  }

  clear(): void {
    this.#standing = [];
    this.#known = false;
  }

  async #try(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      notices.fail(error);
      return false;
    }
  }

  /** The feed tells every change; the list says what is gone that this page still has. */
  async #read(): Promise<void> {
    try {
      const page = await http.get<Page<Alarm>>('/alarms/standing', { query: { limit: 1000 } });
      const now = new Set(page.items.map(({ id }) => id));
      this.#standing = this.#standing.filter(({ id }) => now.has(id));
      for (const alarm of page.items) this.#take(alarm);
    } catch {
      // The feed has told all that stands already.
    }
    this.#known = true;
  }

  #take(alarm: Alarm): void {
    const before = this.#standing.find(({ id }) => id === alarm.id);
    this.#standing = takeAlarm(this.#standing, alarm);
    const severity = soundOf(before, alarm);
    if (severity && preferences.sound) sound(severity);
  }
}

export const alarms = new Alarms();
