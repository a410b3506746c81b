import { ApiError, http, useAntiforgeryToken, whenSignedOut } from './api/client';
import type { Role, Session } from './api/types';
import type { View } from './router.svelte';

type State = 'asking' | 'signedOut' | 'signedIn' | 'unreachable';

const openTo: Record<View, readonly Role[]> = {
  live: ['pilot', 'dispatcher', 'auditor', 'admin'],
  patrols: ['pilot', 'dispatcher', 'auditor', 'admin'],
  incidents: ['pilot', 'dispatcher', 'auditor', 'admin'],
  sorties: ['pilot', 'dispatcher', 'auditor', 'admin'],
  video: ['pilot', 'dispatcher', 'auditor', 'admin'],
  response: ['pilot', 'dispatcher', 'auditor', 'admin'],
  fleet: ['pilot', 'dispatcher', 'auditor', 'admin'],
  alarms: ['pilot', 'dispatcher', 'auditor', 'admin'],
  audit: ['auditor', 'admin'],
  wall: ['pilot', 'dispatcher', 'auditor', 'admin'],
  report: ['pilot', 'dispatcher', 'auditor', 'admin'],
  settings: ['pilot', 'dispatcher', 'auditor', 'admin'],
};

/** Who is at the console. The server decides every right; what is asked here only keeps doors that lead nowhere closed. */
class SessionState {
  #state = $state<State>('asking');
  #user = $state.raw<Session | null>(null);
  #expired = $state(false);

  constructor() {
    whenSignedOut(() => {
      if (this.#state !== 'signedIn') return;
      this.#expired = true;
      this.#leave();
    });
  }

  get state(): State { return this.#state; }
  get user(): Session | null { return this.#user; }
  /** The person as records name whoever did something; nobody's name while nobody is signed in. */
  get actor(): string { return `user:${this.#user?.userName ?? ''}`; }
  /** True where the server ended the session, not the person. */
  get expired(): boolean { return this.#expired; }

  has(...roles: Role[]): boolean {
    return this.#user !== null && this.#user.roles.some((role) => roles.includes(role));
  }

  get mayFly(): boolean { return this.has('pilot', 'admin'); }
  get mayDispatch(): boolean { return this.has('dispatcher', 'pilot', 'admin'); }
  get mayPlan(): boolean { return this.has('pilot', 'admin', 'dispatcher'); }

  mayOpen(view: View): boolean {
    return this.has(...openTo[view]);
  }

  async resume(): Promise<void> {
    try {
      this.#enter(await http.get<Session>('/session'));
    } catch (error) {
      this.#state = error instanceof ApiError && error.status === 401 ? 'signedOut' : 'unreachable';
    }
  }

  async signIn(userName: string, password: string): Promise<void> {
    this.#enter(await http.post<Session>('/session', { userName, password }));
  }

  async signOut(): Promise<void> {
    try {
      await http.delete('/session');
    } finally {
      this.#expired = false;
      this.#leave();
    }
  }

  #enter(user: Session): void {
    useAntiforgeryToken(user.antiforgeryToken);
    this.#user = { ...user, roles: user.roles?.length ? user.roles : [user.role] };
    this.#expired = false;
    this.#state = 'signedIn';
  }

  #leave(): void {
    useAntiforgeryToken(null);
    this.#user = null;
    this.#state = 'signedOut';
  }
}

export const session = new SessionState();
