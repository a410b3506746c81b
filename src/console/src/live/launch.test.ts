import { describe, expect, it } from 'vitest';
import { needsGrounds, preselect } from './launch';

const list = [{ id: 'patrol', nameZh: '巡逻', nameEn: 'Patrol' }, { id: 'training', nameZh: '训练', nameEn: 'Training' }];

describe('the grounds of a launch', () => {
  const parked = { inAir: false, assignment: null };

  it('are asked for where a flight begins that has no task', () => {
    expect(['arm', 'takeoff', 'startMission', 'hold', 'land', 'goTo'].map((command) => needsGrounds(command as 'arm', parked))).toEqual([true, true, true, false, false, false]);
    expect(needsGrounds('startMission', { inAir: true, assignment: null })).toBe(false);
    expect(needsGrounds('takeoff', { inAir: null, assignment: null })).toBe(true);
    expect(needsGrounds('takeoff', { inAir: false, assignment: { kind: 'patrol', id: '1', label: 'old city', purpose: 'patrol' } })).toBe(false);
  });

  it('stand there as they were given last', () => {
    expect(preselect(JSON.stringify({ purpose: 'training', authorisedBy: '2026-0117' }), list)).toEqual({ purpose: 'training', authorisedBy: '2026-0117' });
  });

  it('begin with the first purpose where none was given, or it is not on the list any more', () => {
    expect(preselect(null, list)).toEqual({ purpose: 'patrol', authorisedBy: '' });
    expect(preselect('{"purpose":"sightseeing","authorisedBy":"Lin"}', list)).toEqual({ purpose: 'patrol', authorisedBy: 'Lin' });
    expect(preselect('not json', [])).toEqual({ purpose: '', authorisedBy: '' });
  });
});
