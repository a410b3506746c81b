import { describe, expect, it } from 'vitest';
import { membersOf, soundOf, takeAlarm, topLevel } from './alarmOrder';
import type { Alarm, AlarmSeverity } from './api/alarmTypes';

const alarm = (id: string, severity: AlarmSeverity, at: string, change: Partial<Alarm> = {}): Alarm => ({
  id, severity, at, code: 'linkLost', vehicleId: 'v', text: '', clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, state: 'unacknowledged', subject: 'vehicle/v',
  incidentId: null, groupId: null, members: 0, occasions: 1, isChattering: false, isStale: false, heldBy: null, heldFor: null, heldUntil: null, ...change,
});
const taken = (...alarms: Alarm[]): Alarm[] => alarms.reduce<Alarm[]>((list, next) => takeAlarm(list, next), []);

describe('the standing alarms', () => {
  it('have what calls first, then what is known, then what is held; worst first, newest first', () => {
    const list = taken(
      alarm('held', 'warning', '9', { state: 'shelved' }), alarm('known', 'warning', '8', { state: 'acknowledged' }), alarm('advisory', 'advisory', '3'),
      alarm('old', 'warning', '1'), alarm('caution', 'caution', '2'), alarm('new', 'warning', '2', { state: 'returnedUnacknowledged', clearedAt: '3' }),
    );
    expect(list.map(({ id }) => id)).toEqual(['new', 'old', 'caution', 'advisory', 'known', 'held']);
  });

  it('lose one that is over and was acknowledged, wherever that was', () => {
    expect(taken(alarm('a', 'warning', '1'), alarm('a', 'warning', '1', { state: 'normal', acknowledgedAt: '2', clearedAt: '3' }))).toEqual([]);
  });

  it('keep one that is over until somebody has seen it, and one that holds after that', () => {
    expect(taken(alarm('a', 'warning', '1', { state: 'returnedUnacknowledged', clearedAt: '2' }), alarm('b', 'warning', '1', { state: 'acknowledged' }))).toHaveLength(2);
  });

  it('lose a held one whose condition is over', () => {
    expect(taken(alarm('a', 'warning', '1', { state: 'shelved' }), alarm('a', 'warning', '1', { state: 'shelved', clearedAt: '2' }))).toEqual([]);
  });

  it('are bounded', () => {
    const list = taken(...Array.from({ length: 1200 }, (_, i) => alarm(String(i), 'advisory', String(i).padStart(4, '0'))));
    expect(list).toHaveLength(1000);
    expect(list[0]?.id).toBe('1199');
  });

  it('show a group for its members, and a member by itself where its group is not there', () => {
    const list = taken(alarm('g', 'warning', '1', { members: 2 }), alarm('a', 'warning', '1', { groupId: 'g' }), alarm('b', 'caution', '2', { groupId: 'g' }), alarm('c', 'caution', '2', { groupId: 'gone' }));
    expect(topLevel(list).map(({ id }) => id)).toEqual(['g', 'c']);
    expect(membersOf(list, 'g').map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('the sound', () => {
  it('comes with a beginning and with a worsening, by priority', () => {
    expect(soundOf(undefined, alarm('a', 'caution', '1'))).toBe('caution');
    expect(soundOf(alarm('a', 'caution', '1'), alarm('a', 'warning', '1'))).toBe('warning');
    expect(soundOf(alarm('a', 'warning', '1', { state: 'acknowledged' }), alarm('a', 'warning', '1'))).toBe('warning');
    expect(soundOf(alarm('a', 'warning', '1', { state: 'shelved' }), alarm('a', 'warning', '1'))).toBe('warning');
  });

  it('does not come again for what goes on, for what is known or held, nor for each member of a group', () => {
    expect(soundOf(alarm('a', 'warning', '1'), alarm('a', 'warning', '1', { occasions: 2 }))).toBeNull();
    expect(soundOf(alarm('a', 'warning', '1'), alarm('a', 'warning', '1', { state: 'returnedUnacknowledged', clearedAt: '2' }))).toBeNull();
    expect(soundOf(alarm('a', 'warning', '1'), alarm('a', 'warning', '1', { state: 'acknowledged' }))).toBeNull();
    expect(soundOf(undefined, alarm('a', 'warning', '1', { state: 'shelved' }))).toBeNull();
    expect(soundOf(undefined, alarm('a', 'warning', '1', { groupId: 'g' }))).toBeNull();
  });
});
