import { describe, expect, it } from 'vitest';
import { flightFileType } from './flightFile';

describe('a file of flights', () => {
  it.each([['a.csv', 'text/csv'], ['飞行.TSV', 'text/csv'], ['a.b.gpx', 'application/gpx+xml'], ['x.tlog', 'application/octet-stream'], ['x.pdf', null]])('%s is sent as %s', (name, type) => {
    expect(flightFileType(name)).toBe(type);
  });
});
