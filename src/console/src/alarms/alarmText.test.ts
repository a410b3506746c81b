import { describe, expect, it, vi } from 'vitest';
import { subjectOf } from './alarmText';

// The words and the fleet belong to a page; what is asked here needs neither.
vi.mock('$lib/i18n/index.svelte', () => ({ said: String, t: String, term: String }));
vi.mock('$lib/feed/fleet.svelte', () => ({ fleet: { name: (id: string) => `UAV-${id}` } }));

describe('what an alarm is about', () => {
  it('is the crew where one calls for help, and needs no word where the text names the incident', () => {
    expect(subjectOf({ subject: 'incident/019de0a0-0000-7000-8000-000000000000/unit/巡警-07' })).toBe('巡警-07');
    expect(subjectOf({ subject: 'incident/019de0a0-0000-7000-8000-000000000000' })).toBe('');
    expect(subjectOf({ subject: 'vehicle/3' })).toBe('UAV-3');
  });
});
