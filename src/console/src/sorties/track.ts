import type { Feature, FeatureCollection, Geometry } from '$lib/api/types';

/** The line of a track, however it is wrapped. */
export function trackLine(track: Feature | FeatureCollection | Geometry): Geometry | null {
  const geometry = track.type === 'FeatureCollection' ? track.features.find((feature) => feature.geometry.type.includes('Line'))?.geometry
    : track.type === 'Feature' ? track.geometry : track;
  return geometry && (geometry.type === 'LineString' || geometry.type === 'MultiLineString') ? geometry : null;
}

/** One moment of a flight, for the chart and for the mark that shows its place on the map. */
export interface Moment {
  /** Since the first point, seconds. */
  elapsedS: number;
  heightAboveHomeM: number;
  speedMps: number | null;
  lon: number;
  lat: number;
}

/** The moments of a track whose times and heights stand beside its line; none for a track without them. */
export function moments(track: Feature | FeatureCollection): Moment[] {
  if (track.type !== 'Feature' || track.geometry.type !== 'LineString') return [];
  const { times, altitudesAboveHomeM: heights, speedsMps: speeds } = track.properties as { times?: string[]; altitudesAboveHomeM?: number[]; speedsMps?: number[] };
  if (!times?.length || !heights) return [];
  const began = Date.parse(times[0]!);
  return track.geometry.coordinates.flatMap(([lon, lat], index) => {
    const [at, height] = [times[index], heights[index]];
    return at === undefined || height === undefined ? [] : [{ elapsedS: (Date.parse(at) - began) / 1000, heightAboveHomeM: height, speedMps: speeds?.[index] ?? null, lon: lon!, lat: lat! }];
  });
}

export function lineEnds(geometry: Geometry): [number[], number[]] | null {
  const points = geometry.type === 'LineString' ? geometry.coordinates : geometry.type === 'MultiLineString' ? geometry.coordinates.flat() : [];
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? [first, last] : null;
}
