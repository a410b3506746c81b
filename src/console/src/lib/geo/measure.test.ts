import { describe, expect, it } from 'vitest';
import { bearingDeg, distanceM, parseCoordinates, ringAreaM2 } from './measure';

describe('measuring', () => {
  it('finds a degree of latitude to be about 111.2 km', () => {
    expect(distanceM([117, 24], [117, 25])).toBeCloseTo(111_195, -1);
  });

  it('points east along the equator and back west', () => {
    expect(bearingDeg([0, 0], [1, 0])).toBeCloseTo(90);
    expect(bearingDeg([1, 0], [0, 0])).toBeCloseTo(270);
  });

  it('finds the area of a hundred metre square', () => {
    const side = 100 / 111_195;
    const east = side / Math.cos((24.5 * Math.PI) / 180);
    expect(ringAreaM2([[117, 24.5], [117 + east, 24.5], [117 + east, 24.5 + side], [117, 24.5 + side]])).toBeCloseTo(10_000, -1);
  });

  it('finds no area in a line', () => {
    expect(ringAreaM2([[117, 24], [118, 24]])).toBe(0);
  });
});

describe('reading typed coordinates', () => {
  it.each([
    ['117.655, 24.513', [117.655, 24.513]],
    ['117.655 24.513', [117.655, 24.513]],
    ['24.513, 117.655', [117.655, 24.513]],
    ['24.513N 117.655E', [117.655, 24.513]],
    ['N24.513 E117.655', [117.655, 24.513]],
    ['E117.655, N24.513', [117.655, 24.513]],
    ['E117.5 S24.5', [117.5, -24.5]],
    ['-70.5, -33.25', [-70.5, -33.25]],
  ])('understands %s', (text, expected) => {
    const read = parseCoordinates(text);
    expect(read?.[0]).toBeCloseTo(expected[0]!, 9);
    expect(read?.[1]).toBeCloseTo(expected[1]!, 9);
  });

  it('understands degrees, minutes and seconds', () => {
    const read = parseCoordinates('24°30\'46.8"N 117°39\'18"E');
    expect(read?.[0]).toBeCloseTo(117.655, 9);
    expect(read?.[1]).toBeCloseTo(24.513, 9);
  });

  it.each(['', '117.655', '中山公园', '200, 24', '117, 24, 30', '100, 95'])('refuses %s', (text) => {
    expect(parseCoordinates(text)).toBeNull();
  });
});
