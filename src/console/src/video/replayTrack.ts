import type { Feature, FeatureCollection, Page, Sortie, Geometry } from '$lib/api/types';
import { http } from '$lib/api/client';
import { moments, trackLine } from '../sorties/track';

/** One moment of the flight beside a recording. */
export interface Flown {
  /** Milliseconds since 1970. */
  atMs: number;
  lon: number;
  lat: number;
  heightAboveHomeM: number;
  speedMps: number | null;
}

export interface FlownTrack {
  line: Geometry | null;
  /** In the order of time. */
  moments: Flown[];
}

/** A flight may have begun long before the camera was switched on, milliseconds. */
const longestFlightMs = 6 * 3_600_000;

/** The flights of a vehicle that fell into a time. */
export async function sortiesDuring(vehicleId: string, fromMs: number, toMs: number): Promise<Sortie[]> {
  const { items } = await http.get<Page<Sortie>>('/sorties', { query: { vehicleId, from: new Date(fromMs - longestFlightMs).toISOString(), to: new Date(toMs).toISOString(), limit: 100 } });
  return items.filter((sortie) => overlaps(sortie, fromMs, toMs));
}

export function overlaps({ takeoffAt, landedAt }: Pick<Sortie, 'takeoffAt' | 'landedAt'>, fromMs: number, toMs: number): boolean {
  return Date.parse(takeoffAt) < toMs && (landedAt === null || Date.parse(landedAt) > fromMs);
}

/** Where the vehicle was while it was recorded, over all its flights in that time. */
export async function readTrack(vehicleId: string, fromMs: number, toMs: number): Promise<FlownTrack> {
  const sorties = await sortiesDuring(vehicleId, fromMs, toMs);
  const tracks = await Promise.all(sorties.map(({ id }) => http.get<Feature | FeatureCollection>(`/sorties/${encodeURIComponent(id)}/track.geojson`)));
  const lines = tracks.map(trackLine).filter((line) => line !== null);
  return { line: joined(lines), moments: tracks.flatMap(flown).toSorted((a, b) => a.atMs - b.atMs) };
}

function flown(track: Feature | FeatureCollection): Flown[] {
  const began = track.type === 'Feature' ? Date.parse((track.properties as { times?: string[] }).times?.[0] ?? '') : NaN;
  return moments(track).map(({ elapsedS, lon, lat, heightAboveHomeM, speedMps }) => ({ atMs: began + elapsedS * 1000, lon, lat, heightAboveHomeM, speedMps }));
}

function joined(lines: readonly Geometry[]): Geometry | null {
  if (lines.length <= 1) return lines[0] ?? null;
  return { type: 'MultiLineString', coordinates: lines.flatMap((line) => (line.type === 'LineString' ? [line.coordinates] : line.type === 'MultiLineString' ? line.coordinates : [])) };
}

/** Where it was at a moment, between the two that are known; null before the first and after the last. */
export function placeAt(track: readonly Flown[], atMs: number): Flown | null {
  const next = track.findIndex((moment) => moment.atMs >= atMs);
  if (next < 0) return null;
  const [a, b] = [track[next - 1], track[next]!];
  if (!a) return b.atMs === atMs ? b : null;
  const share = (atMs - a.atMs) / Math.max(1, b.atMs - a.atMs);
  const between = (one: number, other: number): number => one + (other - one) * share;
  return { atMs, lon: between(a.lon, b.lon), lat: between(a.lat, b.lat), heightAboveHomeM: between(a.heightAboveHomeM, b.heightAboveHomeM), speedMps: b.speedMps };
}
