import type { Alarm, AlarmState } from './api/alarmTypes';

const keptAlarms = 1000;
const order = { warning: 0, caution: 1, advisory: 2 } as const;
const held: ReadonlySet<AlarmState> = new Set(['shelved', 'suppressedByDesign', 'outOfService']);

/** Whether it flashes and sounds: nobody has acknowledged it. */
export function calls(alarm: Alarm): boolean {
  return alarm.state === 'unacknowledged' || alarm.state === 'returnedUnacknowledged';
}

/** Whether somebody, or the design, keeps it quiet. */
export function isHeld(alarm: Alarm): boolean {
  return held.has(alarm.state);
}

/** Whether a person may still have to do with it. */
export function stands(alarm: Alarm): boolean {
  return alarm.state !== 'normal' && !(isHeld(alarm) && alarm.clearedAt !== null);
}

const rank = (alarm: Alarm): number => (calls(alarm) ? 0 : isHeld(alarm) ? 2 : 1);

/** What calls before what is known before what is held; then worst first, then newest first. */
export function compare(a: Alarm, b: Alarm): number {
  return rank(a) - rank(b) || order[a.severity] - order[b.severity] || b.at.localeCompare(a.at) || a.id.localeCompare(b.id);
}

/** The standing alarms with one more word about one of them; one that is over and seen is gone. Pure. */
export function takeAlarm(standing: readonly Alarm[], alarm: Alarm): Alarm[] {
  const others = standing.filter((other) => other.id !== alarm.id);
  return stands(alarm) ? [alarm, ...others].sort(compare).slice(0, keptAlarms) : others;
}

/** What stands for itself: a member is shown within its group, as long as the group is there. */
export function topLevel(standing: readonly Alarm[]): Alarm[] {
  const ids = new Set(standing.map(({ id }) => id));
  return standing.filter((alarm) => alarm.groupId === null || !ids.has(alarm.groupId));
}

/** Those that a group speaks for. */
export function membersOf(standing: readonly Alarm[], group: string): Alarm[] {
  return standing.filter((alarm) => alarm.groupId === group);
}

/** What an alarm sounds like when it begins to call, or gets worse; null where it does not. A member is heard through its group. */
export function soundOf(before: Alarm | undefined, now: Alarm): Alarm['severity'] | null {
  if (!calls(now) || now.groupId !== null) return null;
  return before && calls(before) && order[before.severity] <= order[now.severity] ? null : now.severity;
}
