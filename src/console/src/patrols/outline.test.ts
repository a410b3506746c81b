import { describe, expect, it } from 'vitest';
import type { LonLat } from '$lib/geo/measure';
import { addCorner, change, crossesItself, emptyOutline, moveCorner, redo, removeCorner, setCorner, undo } from './outline';

const square: LonLat[] = [[0, 0], [1, 0], [1, 1], [0, 1]];
const bowTie: LonLat[] = [[0, 0], [1, 1], [1, 0], [0, 1]];

describe('an outline', () => {
  it('goes back and forth through its history', () => {
    const drawn = removeCorner(change(emptyOutline, square), 3);
    const back = undo(drawn);
    expect(back.corners).toEqual(square);
    expect(redo(back).corners).toEqual(square.slice(0, 3));
    expect(undo(undo(undo(drawn))).corners).toEqual([]);
  });

  it('forgets what was undone once something else is done', () => {
    const changed = addCorner(undo(change(emptyOutline, square)), [5, 5]);
    expect(redo(changed)).toBe(changed);
  });

  it('does not remember a change that changed nothing', () => {
    const drawn = change(emptyOutline, square);
    expect(change(drawn, [...square])).toBe(drawn);
    expect(setCorner(drawn, 0, [0, 0])).toBe(drawn);
  });

  it('moves corners within its ends', () => {
    const drawn = change(emptyOutline, square);
    expect(moveCorner(drawn, 0, 1).corners.slice(0, 2)).toEqual([[1, 0], [0, 0]]);
    expect(moveCorner(drawn, 0, -1)).toBe(drawn);
    expect(moveCorner(drawn, 3, 1)).toBe(drawn);
  });

  it('keeps a bounded history', () => {
    let outline = emptyOutline;
    for (let i = 0; i < 300; i++) outline = addCorner(outline, [i, i]);
    expect(outline.past.length).toBe(100);
  });
});

describe('a ring', () => {
  it('that crosses itself is found', () => {
    expect(crossesItself(bowTie)).toBe(true);
  });

  it('that does not is left alone, whichever way it runs', () => {
    expect(crossesItself(square)).toBe(false);
    expect(crossesItself([...square].reverse())).toBe(false);
    expect(crossesItself(square.slice(0, 3))).toBe(false);
  });
});
