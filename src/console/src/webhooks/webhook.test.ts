import { describe, expect, it } from 'vitest';
import { words } from '$lib/i18n/words';
import { canStart, eventTypes, shortUrl, standing, type Webhook } from './webhook';

const webhook = (change: Partial<Webhook>): Webhook => ({
  id: '1', url: 'https://hooks.example.org/in?key=secret', types: [], state: 'active', enabled: true, oldSecretUntil: null, lastDeliveryAt: null, lastAttempt: null,
  failures: 0, nextAttemptAt: null, delivered: 0, givenUp: 0, ...change,
});

describe('a receiver of events', () => {
  it('that fails is not shown as all right', () => {
    expect(standing(webhook({}))).toEqual({ state: 'active', tone: 'normal' });
    expect(standing(webhook({ failures: 2 }))).toEqual({ state: 'failing', tone: 'caution' });
    expect(standing(webhook({ state: 'gone' })).tone).toBe('warning');
  });

  it('can be switched on when it is off or has stopped, and off otherwise', () => {
    expect(canStart(webhook({ enabled: false, state: 'disabled' }))).toBe(true);
    expect(canStart(webhook({ state: 'gone' }))).toBe(true);
    expect(canStart(webhook({ state: 'pausedByReceiver' }))).toBe(false);
  });

  it('is named without what may be secret in its address', () => {
    expect(shortUrl('https://hooks.example.org/in?key=secret')).toBe('hooks.example.org/in');
    expect(shortUrl('https://hooks.example.org/')).toBe('hooks.example.org');
  });

  it('has words for every type and state', () => {
    for (const type of eventTypes) expect(words).toHaveProperty([`webhook.type.${type}`]);
    for (const state of ['pending', 'active', 'failing', 'pausedByReceiver', 'gone', 'unsupported', 'disabled']) expect(words).toHaveProperty([`webhook.state.${state}`]);
  });
});
