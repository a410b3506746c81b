import { describe, expect, it } from 'vitest';
import { fromGcj02, toGcj02 } from './gcj02';
import { distanceM } from './measure';

const known: [string, [number, number], [number, number], number][] = [
  ['Beijing', [116.3975, 39.9087], [116.4037436, 39.9101035], 555.6],
  ['Shanghai', [121.4998, 31.2397], [121.5042328, 31.237686], 477.8],
  ['Shenzhen', [114.0579, 22.5431], [114.063014, 22.5403828], 606.6],
];

describe('the shift to GCJ-02', () => {
  it.each(known)('moves %s to its published place', (_, wgs, gcj, shiftM) => {
    const [lon, lat] = toGcj02(wgs[0], wgs[1]);
    expect(lon).toBeCloseTo(gcj[0], 6);
    expect(lat).toBeCloseTo(gcj[1], 6);
    expect(Math.abs(distanceM(wgs, [lon, lat]) - shiftM)).toBeLessThan(2);
  });

  it('comes back to the place it left to a millionth of a metre, all over the country', () => {
    for (let lon = 74; lon <= 134; lon += 3.7) {
      for (let lat = 18; lat <= 53; lat += 2.9) {
        const [backLon, backLat] = fromGcj02(...toGcj02(lon, lat));
        expect(Math.abs(backLon - lon)).toBeLessThan(1e-11);
        expect(Math.abs(backLat - lat)).toBeLessThan(1e-11);
      }
    }
  });

  it('leaves places outside the country alone', () => {
    expect(toGcj02(139.69, 35.68)).toEqual([139.69, 35.68]);
    expect(fromGcj02(-0.12, 51.5)).toEqual([-0.12, 51.5]);
  });
});

