import type { Feature, FeatureCollection, Geometry } from '$lib/api/types';
import { distanceM } from '$lib/geo/measure';

/** The line of a track, however it is wrapped. */
export function trackLine(track: Feature | FeatureCollection | Geometry): Geometry | null {
  const geometry = track.type === 'FeatureCollection' ? track.features.find((feature) => feature.geometry.type.includes('Line'))?.geometry
    : track.type === 'Feature' ? track.geometry : track;
  return geometry && (geometry.type === 'LineString' || geometry.type === 'MultiLineString') ? geometry : null;
}

/** Height over the way flown: kilometres along and metres, for a chart. Points without a height are left out. */
export function heightProfile(geometry: Geometry): { alongKm: number[]; heightM: number[] } {
  const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : [];
  const profile: { alongKm: number[]; heightM: number[] } = { alongKm: [], heightM: [] };
  let along = 0;
  for (const line of lines) {
    for (const [index, point] of line.entries()) {
      const before = line[index - 1];
      if (before) along += distanceM([before[0]!, before[1]!], [point[0]!, point[1]!]);
      if (point[2] === undefined) continue;
      profile.alongKm.push(along / 1000);
      profile.heightM.push(point[2]);
    }
  }
  return profile;
}

export function lineEnds(geometry: Geometry): [number[], number[]] | null {
  const points = geometry.type === 'LineString' ? geometry.coordinates : geometry.type === 'MultiLineString' ? geometry.coordinates.flat() : [];
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? [first, last] : null;
}
