import { describe, expect, it } from 'vitest';
import { bytes } from './bytes';
import { age, dateTime, duration, hours, zone } from './time';
import { degrees, distance, metres, percent, unknown } from './units';

describe('units', () => {
  it('keep a fixed number of decimals and carry their unit', () => {
    expect(metres(60)).toBe('60.0\u2009m');
    expect(percent(87.6)).toBe('88\u2009%');
  });

  it('never show a negative zero', () => {
    expect(metres(-0.04)).toBe('0.0\u2009m');
  });

  it('show a dash for what is not known', () => {
    expect(metres(null)).toBe(unknown);
    expect(metres(Number.NaN)).toBe(unknown);
    expect(degrees(undefined)).toBe(unknown);
  });

  it('write directions as three figures', () => {
    expect(degrees(7.4)).toBe('007°');
    expect(degrees(359.6)).toBe('000°');
    expect(degrees(-90)).toBe('270°');
  });

  it('change from metres to kilometres at a thousand', () => {
    expect(distance(999)).toBe('999\u2009m');
    expect(distance(1500)).toBe('1.50\u2009km');
    expect(distance(25_300)).toBe('25.3\u2009km');
  });
});

describe('times', () => {
  it('write lengths of time with leading zeros below the first part', () => {
    expect(duration(5)).toBe('0:05');
    expect(duration(3729)).toBe('1:02:09');
    expect(duration(59.6)).toBe('1:00');
    expect(duration(-30)).toBe('-0:30');
    expect(duration(null)).toBe(unknown);
  });

  it('sum flight hours to a hundredth', () => {
    expect(hours(5400)).toBe('1.50 h');
  });

  it('show ages to a tenth while tenths matter', () => {
    expect(age(0.42)).toBe('0.4 s');
    expect(age(9.96)).toBe('10 s');
    expect(age(75)).toBe('75 s');
    expect(age(600)).toBe('10 min');
    expect(age(-1)).toBe('0.0 s');
  });

  it('write the local date and time as yyyy-MM-dd HH:mm:ss', () => {
    expect(dateTime(new Date(2026, 0, 5, 3, 4, 9))).toBe('2026-01-05 03:04:09');
    expect(dateTime('not a time')).toBe(unknown);
  });

  it('write the zone as an offset', () => {
    expect(zone({ getTimezoneOffset: () => -480 } as Date)).toBe('UTC+08:00');
    expect(zone({ getTimezoneOffset: () => 210 } as Date)).toBe('UTC-03:30');
  });
});

describe('a size', () => {
  it('is said in three figures', () => {
    expect([0, 999, 1000, 99_940, 999_499, 1_234_567, 3_170_000_000_000].map(bytes)).toEqual(['0\u2009B', '999\u2009B', '1.0\u2009kB', '99.9\u2009kB', '999\u2009kB', '1.2\u2009MB', '3.2\u2009TB']);
    expect(bytes(null)).toBe('–');
  });
});
