import { describe, expect, it } from 'vitest';
import { empty, fill, layouts, neighbour, parseMosaic, put, shown, sizeOf, swap, type Mosaic } from './mosaic';

const four: Mosaic = { layout: '4', places: ['a', 'b', 'c', null], untouched: false };

describe('the mosaic', () => {
  it('fills itself until somebody arranges it, and grows with the streams', () => {
    const three = fill(empty, ['a', 'b', 'c']);
    expect(shown(three)).toEqual(['a', 'b', 'c', null]);
    const five = fill(three, ['a', 'b', 'c', 'd', 'e']);
    expect(five.layout).toBe('9');
    expect(shown(five).slice(0, 6)).toEqual(['a', 'b', 'c', 'd', 'e', null]);
    expect(fill(five, ['a', 'b', 'c', 'd', 'e'])).toBe(five);
    const arranged = put(three, 3, 'b');
    expect(fill(arranged, ['a', 'b', 'c', 'd'])).toBe(arranged);
    expect(shown(fill(arranged, ['a', 'b', 'c', 'd'], true))).toEqual(['a', 'd', 'c', 'b']);
  });

  it('leaves out what no layout can hold', () => {
    const ids = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const all = fill(empty, ids);
    expect(all.layout).toBe('16');
    expect(shown(all)).toEqual(ids.slice(0, 16));
  });

  it('shows a stream once: where it goes, it changes places with what is there', () => {
    expect(shown(put(four, 0, 'c'))).toEqual(['c', 'b', 'a', null]);
    expect(shown(put(four, 3, 'a'))).toEqual([null, 'b', 'c', 'a']);
    expect(shown(put(four, 1, null))).toEqual(['a', null, 'c', null]);
    expect(shown(swap(four, 0, 3))).toEqual([null, 'b', 'c', 'a']);
  });

  it('keeps what a smaller layout has no place for', () => {
    const one: Mosaic = { ...four, layout: '1' };
    expect(shown(one)).toEqual(['a']);
    expect(shown({ ...put(one, 0, 'b'), layout: '4' })).toEqual(['b', 'a', 'c', null]);
  });

  it('remembers what it can understand', () => {
    expect(parseMosaic(JSON.stringify(four))).toEqual(four);
    expect(parseMosaic(null)).toEqual(empty);
    expect(parseMosaic('{"layout":"7","places":[1,"a",null,{}],"untouched":false}')).toEqual({ layout: '4', places: [null, 'a', null, null], untouched: false });
    expect(parseMosaic('not json')).toEqual(empty);
    expect(parseMosaic('null')).toEqual(empty);
  });
});

describe('the arrow keys', () => {
  it.each(layouts)('lead to every place of layout %s, back the way they came, and never outside', (layout) => {
    const reached = new Set([0]);
    const open = [0];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
        const next = neighbour(layout, place, key);
        if (next === null) continue;
        expect(next).toBeGreaterThanOrEqual(0);
        expect(next).toBeLessThan(sizeOf(layout));
        if (!reached.has(next)) open.push(next);
        reached.add(next);
      }
    }
    expect(reached.size).toBe(sizeOf(layout));
  });

  it('stop at the edge', () => {
    expect(neighbour('9', 2, 'ArrowRight')).toBeNull();
    expect(neighbour('9', 3, 'ArrowLeft')).toBeNull();
    expect(neighbour('9', 4, 'ArrowDown')).toBe(7);
    expect(neighbour('9', 4, 'Enter')).toBeNull();
    expect(neighbour('big', 7, 'ArrowUp')).toBe(3);
  });
});
