import { describe, expect, it } from 'vitest';
import { between, middle, moved, resized, seconds, secondsBefore } from './masking';

describe('regions of a masked copy', () => {
  it('lie between two corners whichever is drawn first, and end at the picture', () => {
    expect(between({ x: 0.5, y: 0.75 }, { x: 0.25, y: 0.5 })).toEqual({ x: 0.25, y: 0.5, width: 0.25, height: 0.25 });
    expect(between({ x: -1, y: 0.5 }, { x: 0.5, y: 3 })).toEqual({ x: 0, y: 0.5, width: 0.5, height: 0.5 });
  });

  it('stay in the picture wherever the arrows take them', () => {
    let box = middle();
    for (let step = 0; step < 100; step++) box = { ...box, ...moved(box, 0.02, -0.02) };
    expect(box.x + box.width).toBeCloseTo(1);
    expect(box.y).toBe(0);
    for (let step = 0; step < 100; step++) box = { ...box, ...resized(box, 0.02, 0.02) };
    expect([box.x + box.width, box.y + box.height]).toEqual([1, 1]);
    for (let step = 0; step < 100; step++) box = { ...box, ...resized(box, -0.02, -0.02) };
    expect([box.width, box.height]).toEqual([0.02, 0.02]);
  });

  it('cover the last picture of a clip', () => {
    expect(seconds(12.31)).toBe(12.4);
    expect(seconds(3)).toBe(3);
  });

  it('cover the first picture that they are to cover', () => {
    expect(secondsBefore(3.04)).toBe(3);
    expect(secondsBefore(3)).toBe(3);
    expect(secondsBefore(0.08)).toBe(0);
  });
});
