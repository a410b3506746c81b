import { describe, expect, it } from 'vitest';
import { compassPoint, shownMetres } from './way';
import { boxAround } from './chart';

describe('the way to the place', () => {
  it.each([[0, '正北', 'north'], [22, '正北', 'north'], [23, '东北', 'northeast'], [359, '正北', 'north'], [-90, '正西', 'west'], [181, '正南', 'south']])('%d° is said in words', (deg, zh, en) => {
    expect([compassPoint(deg, false), compassPoint(deg, true)]).toEqual([zh, en]);
  });

  it.each([[3, '5 m'], [42, '40 m'], [418, '420 m'], [994, '990 m'], [996, '1.0 km'], [1345, '1.3 km'], [12_345, '12 km']])('%d m is as precise as it is worth', (metres, text) => {
    expect(shownMetres(metres)).toBe(text);
  });
});

describe('the picture of the map', () => {
  const place = { lon: 117.656, lat: 24.512 };

  it('keeps the place in the middle and everything else inside', () => {
    const far = { lon: 117.666, lat: 24.512 };
    const box = boxAround(place, [far], 1.5);
    expect(box.lon).toBe(place.lon);
    expect(box.acrossM / 2).toBeGreaterThan(1012);
  });

  it('is never closer than a street nor wider than what the base map was cut for', () => {
    expect(boxAround(place, [place], 1).acrossM).toBe(300);
    expect(boxAround(place, [{ lon: 117.9, lat: 24.7 }], 1).acrossM).toBe(4000);
  });
});
