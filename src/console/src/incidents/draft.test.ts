import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dropAside, emptyDraft, keepDraft, openDraft, putAside } from './draft';

const now = Date.parse('2026-05-01T08:00:00Z');
const call = { ...emptyDraft, summary: '两人打架', lon: '117.655000', lat: '24.513000', priority: 1 };

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
});
afterEach(() => vi.unstubAllGlobals());

describe('a call that is being written down', () => {
  it('is gone on with after a reload', () => {
    keepDraft({ draft: call, at: now, by: 'dispatcher' });
    expect(openDraft(now + 5_000, 'dispatcher')).toEqual({ draft: call, restoredAt: now, left: null });
  });

  it('never comes into the next call once it was cancelled, but is offered', () => {
    keepDraft({ draft: call, at: now, by: 'dispatcher' });
    putAside({ draft: call, at: now, by: 'dispatcher' });
    expect(openDraft(now + 5_000, 'dispatcher')).toEqual({ draft: emptyDraft, restoredAt: null, left: { draft: call, at: now, by: 'dispatcher' } });
  });

  it('is not gone on with by the next at the console, nor after a while', () => {
    keepDraft({ draft: call, at: now, by: 'dispatcher' });
    expect(openDraft(now + 5_000, 'other').draft).toEqual(emptyDraft);
    keepDraft({ draft: call, at: now, by: 'dispatcher' });
    expect(openDraft(now + 3_600_000, 'dispatcher')).toEqual({ draft: emptyDraft, restoredAt: null, left: { draft: call, at: now, by: 'dispatcher' } });
  });

  it('is offered until it is dropped, or a shift is over, whatever empty form is closed meanwhile', () => {
    putAside({ draft: call, at: now, by: 'dispatcher' });
    putAside({ draft: { ...emptyDraft, type: 'fire' }, at: now, by: 'dispatcher' });
    expect(openDraft(now + 1_000, 'dispatcher').left?.draft).toEqual(call);
    expect(openDraft(now + 13 * 3_600_000, 'dispatcher').left).toBeNull();
    dropAside();
    expect(openDraft(now + 1_000, 'dispatcher').left).toBeNull();
  });

  it('begins anew where the store holds what it does not know', () => {
    for (const text of ['{', '7', '{"draft":{"lon":"117"}}', '{"number":"A"}']) {
      localStorage.setItem('droneops.incident-draft', text);
      expect(openDraft(now, 'dispatcher')).toEqual({ draft: emptyDraft, restoredAt: null, left: null });
    }
  });
});
