import { describe, expect, it } from 'vitest';
import { upperEdge } from './labelPlace';

describe('the place of an area’s name', () => {
  it('is half way along the upper edge of a box, wherever its ring begins', () => {
    expect(upperEdge([[0, 0], [10, 0], [10, 4], [0, 4], [0, 0]])).toEqual([5, 4]);
    expect(upperEdge([[10, 4], [0, 4], [0, 0], [10, 0]])).toEqual([5, 4]);
  });

  it('lies on a slanting edge, not above it', () => {
    expect(upperEdge([[0, 0], [10, 0], [10, 10], [0, 2]])).toEqual([5, 6]);
  });

  it('is nowhere for a ring without width', () => {
    expect(upperEdge([[1, 0], [1, 5], [1, 0]])).toBeNull();
    expect(upperEdge([])).toBeNull();
  });
});
