import { describe, expect, it } from 'vitest';
import { callsForHelp } from './help';

const report = (kind: 'arrived' | 'placeSeen' | 'helpNeeded' | 'helpOver', unit: string) => ({ kind, unit, at: '2026-05-01T00:00:00Z' });

describe('calls for help', () => {
  it('stand until the same crew says that it is over', () => {
    const reports = [report('arrived', 'A'), report('helpNeeded', 'A'), report('helpNeeded', 'B'), report('helpOver', 'A')];
    expect(callsForHelp({ crewReports: reports.slice(0, 3) })).toEqual(['A', 'B']);
    expect(callsForHelp({ crewReports: reports })).toEqual(['B']);
    expect(callsForHelp({ crewReports: [...reports, report('helpNeeded', 'A')] })).toEqual(['A', 'B']);
  });

  it('are none where nobody has said anything', () => {
    expect(callsForHelp({ crewReports: [] })).toEqual([]);
  });
});
