import { describe, expect, it } from 'vitest';
import { bearingDeg, distanceM, type LonLat } from '../geo/measure';
import { groundAt, inPicture, type GroundPoint } from './viewGeometry';
import type { CameraView } from './wire';

const rad = Math.PI / 180;
const perDegree = 111_319.49;
const camera = { lat: 24.51, lon: 117.65, altitudeAmslM: 130 };
const aspect = 16 / 9;

/** A camera 100 m above flat ground, told apart from the code under test: every ray is turned as a vector. */
function cast(headingDeg: number, pitchDeg: number, fovDeg: number, x: number, y: number): GroundPoint | null {
  const [h, p, half] = [headingDeg * rad, pitchDeg * rad, Math.tan((fovDeg / 2) * rad)];
  const forward = [Math.sin(h) * Math.cos(p), Math.cos(h) * Math.cos(p), Math.sin(p)];
  const right = [Math.cos(h), -Math.sin(h), 0];
  const up = [-Math.sin(h) * Math.sin(p), -Math.cos(h) * Math.sin(p), Math.cos(p)];
  const [u, v] = [(x * 2 - 1) * half, ((1 - y * 2) * half) / aspect];
  const ray = forward.map((value, i) => value + u * right[i]! + v * up[i]!);
  if (ray[2]! >= -1e-6) return null;
  const scale = 100 / -ray[2]!;
  return [camera.lon + (ray[0]! * scale) / (perDegree * Math.cos(camera.lat * rad)), camera.lat + (ray[1]! * scale) / perDegree];
}

function view(headingDeg: number, pitchDeg: number, fovDeg: number, withFootprint: boolean): CameraView {
  const center = cast(headingDeg, pitchDeg, fovDeg, 0.5, 0.5);
  const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => cast(headingDeg, pitchDeg, fovDeg, x!, y!));
  return {
    type: 'view', at: '2026-11-28T05:00:00Z', camera, headingDeg, pitchDeg, fovDeg,
    center: center && { lon: center[0], lat: center[1] },
    footprint: withFootprint && corners.every((corner) => corner !== null) ? (corners as GroundPoint[]) : null,
  };
}

const apart = (a: LonLat | null, b: LonLat | null): number => (a && b ? distanceM(a, b) : NaN);

describe('the place under a point of the picture', () => {
  it.each([[0, -45, 60], [137, -30, 40], [250, -70, 83], [359, -89, 60]] as const)('is where the ray meets the ground: heading %d, pitch %d, field %d', (heading, pitch, fov) => {
    for (const [x, y] of [[0.5, 0.5], [0.1, 0.2], [0.9, 0.95], [0.33, 0.7]] as const) {
      const expected = cast(heading, pitch, fov, x, y);
      expect(apart(groundAt(view(heading, pitch, fov, true), x, y, aspect), expected)).toBeLessThan(0.5);
      if (pitch > -85) expect(apart(groundAt(view(heading, pitch, fov, false), x, y, aspect), expected)).toBeLessThan(0.5);
    }
  });

  it('is nowhere above the horizon', () => {
    const shallow = view(90, -12, 60, true);
    expect(shallow.footprint).toBeNull();
    expect(groundAt(shallow, 0.5, 0.05, aspect)).toBeNull();
    expect(apart(groundAt(shallow, 0.5, 0.8, aspect), cast(90, -12, 60, 0.5, 0.8))).toBeLessThan(0.5);
    expect(groundAt({ ...shallow, pitchDeg: 3, center: null }, 0.5, 0.9, aspect)).toBeNull();
  });

  it('lies on the side that was pointed at', () => {
    const north = view(0, -45, 60, true);
    expect(bearingDeg([camera.lon, camera.lat], groundAt(north, 0.9, 0.5, aspect)!)).toBeGreaterThan(5);
    expect(bearingDeg([camera.lon, camera.lat], groundAt(north, 0.1, 0.5, aspect)!)).toBeGreaterThan(300);
  });

  it('is nowhere where the server sent corners that are no quadrangle', () => {
    const flat = { ...view(0, -45, 60, true), footprint: [[117, 24], [117, 24], [117, 24], [117, 24]] as GroundPoint[] };
    expect(groundAt(flat, 0.5, 0.5, aspect)).toBeNull();
  });
});

describe('a point of the element', () => {
  it('is a point of the picture inside its bars, and nothing on them', () => {
    expect(inPicture({ x: 500, y: 500 }, { width: 1000, height: 1000 }, 2)).toEqual({ x: 0.5, y: 0.5 });
    expect(inPicture({ x: 0, y: 250 }, { width: 1000, height: 1000 }, 2)).toEqual({ x: 0, y: 0 });
    expect(inPicture({ x: 500, y: 240 }, { width: 1000, height: 1000 }, 2)).toBeNull();
    expect(inPicture({ x: 90, y: 50 }, { width: 400, height: 100 }, 2)).toBeNull();
    expect(inPicture({ x: 200, y: 50 }, { width: 400, height: 100 }, 2)).toEqual({ x: 0.5, y: 0.5 });
  });
});
