import { describe, expect, it } from 'vitest';
import type { Feature } from '$lib/api/types';
import { levelOf, outlines } from './coverage';

const grid = { id: 'G1', type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[[117, 24], [117.02, 24], [117.02, 24.01], [117, 24.01], [117, 24]]] } } as unknown as Feature;
const site = { id: 'S1', type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [117.01, 24.005] } } as unknown as Feature;

describe('the coverage map', () => {
  it('has north up, its first corner in the west, and degrees as long as they are there', () => {
    const { grids, sites, height } = outlines([grid], [site], 1000);
    // 0.01 degrees of latitude by 0.02 of longitude at 24 degrees north.
    expect(height).toBe(Math.ceil(1000 * 0.01 / (0.02 * Math.cos((24.005 * Math.PI) / 180))));
    expect(grids[0]!.key).toBe('grid/G1');
    expect(grids[0]!.path).toMatch(/^M0 547\.\dL1000 547\.\dL1000 0L0 0L0 547\.\dZ$/);
    expect(sites[0]!.path.startsWith('M496 273.')).toBe(true);
  });

  it('is empty where no grid is drawn', () => {
    expect(outlines([], [site], 1000)).toEqual({ grids: [], sites: [], height: 0 });
  });

  it('shades by how often, and not at all what was never seen', () => {
    expect([0, 1, 2, 3, 9, 10, 29, 30, 500].map(levelOf)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });
});
