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
  /** Between two points too far apart to say what was between them. */
  unknown?: boolean;
}

/** Points further apart than this have a gap between them, seconds: as the service counts it. */
const longestStepS = 10;

/** The flight at a time since its first point: between two points straight and even, in a gap where it was last. */
export function momentAt(flight: readonly Moment[], elapsedS: number): Moment | null {
  let [low, high] = [0, flight.length - 1];
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (flight[middle]!.elapsedS <= elapsedS) low = middle;
    else high = middle;
  }
  const [from, to] = [flight[low]!, flight[high]!];
  if (elapsedS >= to.elapsedS) return to;
  const length = to.elapsedS - from.elapsedS;
  if (length > longestStepS) return { ...from, elapsedS, speedMps: null, unknown: elapsedS > from.elapsedS };
  const share = length > 0 ? Math.max(0, (elapsedS - from.elapsedS) / length) : 0;
  const between = (one: number, other: number): number => one + (other - one) * share;
  return { elapsedS, heightAboveHomeM: between(from.heightAboveHomeM, to.heightAboveHomeM), speedMps: from.speedMps, lon: between(from.lon, to.lon), lat: between(from.lat, to.lat) };
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
