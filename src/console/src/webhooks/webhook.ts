/** A receiver of events, as the API shows it. */
export interface Webhook {
  id: string;
  url: string;
  types: string[];
  state: 'pending' | 'active' | 'pausedByReceiver' | 'gone' | 'unsupported' | 'disabled';
  enabled: boolean;
  oldSecretUntil: string | null;
  lastDeliveryAt: string | null;
  lastAttempt: { at: string; outcome: string; status: number | null; detail: string } | null;
  failures: number;
  nextAttemptAt: string | null;
  delivered: number;
  givenUp: number;
}

export interface TestAnswer {
  delivered: boolean;
  outcome: string;
  status: number | null;
  tookMs: number;
}

export const eventTypes = ['incident', 'sortie', 'alert', 'patrol'].map((name) => `cn.droneops.${name}.changed`);

type Tone = 'normal' | 'caution' | 'warning' | 'stale';

/** What to call a receiver's state, and how to colour it: an active one that fails is not all right. */
export function standing(webhook: Webhook): { state: Webhook['state'] | 'failing'; tone: Tone } {
  switch (webhook.state) {
    case 'active':
      return webhook.failures > 0 ? { state: 'failing', tone: 'caution' } : { state: 'active', tone: 'normal' };
    case 'pending':
    case 'pausedByReceiver':
      return { state: webhook.state, tone: 'caution' };
    case 'disabled':
      return { state: 'disabled', tone: 'stale' };
    default:
      return { state: webhook.state, tone: 'warning' };
  }
}

/** Whether switching on would do something: one that is off, or that has stopped by itself. */
export function canStart(webhook: Webhook): boolean {
  return !webhook.enabled || webhook.state === 'gone' || webhook.state === 'unsupported';
}

/** The part of the address that tells receivers apart, without what may be secret in the query. */
export function shortUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return host + (pathname === '/' ? '' : pathname);
}
