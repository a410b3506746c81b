import type { Feature, FeatureCollection, Geometry } from '$lib/api/types';
import { distanceM } from '$lib/geo/measure';

/** The line of a track, however it is wrapped. */
export function trackLine(track: Feature | FeatureCollection | Geometry): Geometry | null {
  const geometry = track.type === 'FeatureCollection' ? track.features.find((feature) => feature.geometry.type.includes('Line'))?.geometry
    : track.type === 'Feature' ? track.geometry : track;
  return geometry && (geometry.type === 'LineString' || geometry.type === 'MultiLineString') ? geometry : null;
}

/**
 * Height over the way flown: kilometres along and metres, for a chart. Above home where the track tells it, else above mean sea
 * level. Points without a height are left out.
 */
export function heightProfile(geometry: Geometry, aboveHomeM: readonly number[] | null = null): { alongKm: number[]; heightM: number[] } {
  const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : [];
  const profile: { alongKm: number[]; heightM: number[] } = { alongKm: [], heightM: [] };
  let along = 0;
  for (const line of lines) {
    for (const [index, point] of line.entries()) {
      const before = line[index - 1];
      if (before) along += distanceM([before[0]!, before[1]!], [point[0]!, point[1]!]);
      const height = aboveHomeM ? aboveHomeM[index] : point[2];
      if (height === undefined) continue;
      profile.alongKm.push(along / 1000);
      profile.heightM.push(height);
    }
  }
  return profile;
}

export function lineEnds(geometry: Geometry): [number[], number[]] | null {
  const points = geometry.type === 'LineString' ? geometry.coordinates : geometry.type === 'MultiLineString' ? geometry.coordinates.flat() : [];
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? [first, last] : null;
}

/** The heights above home that stand beside the line, one a point; null where the track has none. */
export function heightsAboveHome(track: Feature | FeatureCollection): number[] | null {
  const heights = track.type === 'Feature' ? track.properties['altitudesAboveHomeM'] : null;
  return Array.isArray(heights) ? (heights as number[]) : null;
}
