import { ApiError, http } from '$lib/api/client';
import type { CommandRequest, CommandResult, Vehicle } from '$lib/api/types';
import { feed } from '$lib/feed/feed.svelte';
import { explain } from '$lib/say.svelte';
import { observe, stepOf, type Step } from './commandProgress';

export interface Issued {
  id: number;
  vehicleId: string;
  request: CommandRequest;
  at: number;
  step: Step;
  reason: string | null;
}

const kept = 30;

/** The commands given from this console since it was opened. The audit log has them all; this is the working view. */
class Commands {
  #list = $state.raw<Issued[]>([]);
  #next = 1;

  constructor() {
    feed.book.listen(() => this.#watch());
  }

  of(vehicleId: string): Issued[] {
    return this.#list.filter((issued) => issued.vehicleId === vehicleId);
  }

  /** Sends once. Nothing here ever repeats a command: whether to try again after an unknown outcome is a person's decision. */
  async send(vehicle: Vehicle, request: CommandRequest): Promise<Issued> {
    const id = this.#next++;
    this.#list = [{ id, vehicleId: vehicle.id, request, at: Date.now(), step: 'sent' as Step, reason: null }, ...this.#list].slice(0, kept);
    try {
      const result = await http.post<CommandResult>(`/vehicles/${encodeURIComponent(vehicle.id)}/commands`, request);
      this.#change(id, { step: stepOf(result), reason: result.reason ?? null });
    } catch (error) {
      // What the server refuses (no control, a keep-out zone, bad values) never reached the vehicle.
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
      this.#change(id, { step: refused ? 'notSent' : 'failed', reason: explain(error) });
    }
    return this.#list.find((issued) => issued.id === id)!;
  }

  #change(id: number, change: Partial<Issued>): void {
    this.#list = this.#list.map((issued) => (issued.id === id ? { ...issued, ...change } : issued));
  }

  #watch(): void {
    for (const issued of this.#list) {
      if (issued.step !== 'received' && issued.step !== 'acting') continue;
      // A newer command to the same vehicle has taken over: what it does now says nothing about the older one.
      if (this.#list.some((other) => other.vehicleId === issued.vehicleId && other.id > issued.id && other.step !== 'rejected' && other.step !== 'notSent' && other.step !== 'failed')) continue;
      const vehicle = feed.book.tracks.get(issued.vehicleId)?.vehicle;
      if (!vehicle) continue;
      const step = observe(issued.request, vehicle, issued.step);
      if (step !== issued.step) this.#change(issued.id, { step });
    }
  }
}

export const commands = new Commands();
