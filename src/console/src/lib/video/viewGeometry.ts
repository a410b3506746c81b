import type { CameraView } from './wire';

const rad = Math.PI / 180;
const metresPerDegree = 111_319.49;
/** Rays flatter than this meet the ground so far away that a click means nothing. */
const flattestDeg = 2;

export type GroundPoint = [lon: number, lat: number];

/**
 * The place on the ground under a point of the picture: `x` and `y` from 0 to 1, from the upper left. Where the server says which
 * quadrangle the picture covers, its corners decide; where the horizon is in the picture, the ray does. Null above the horizon.
 */
export function groundAt(view: CameraView, x: number, y: number, aspect: number): GroundPoint | null {
  return view.footprint?.length === 4 ? fromCorners(view.footprint, x, y) : fromRay(view, x, y, aspect);
}

/** The projective map of the unit square onto the quadrangle: exact for flat ground and a camera without distortion. */
function fromCorners(corners: [number, number][], x: number, y: number): GroundPoint | null {
  const [origin] = corners as [[number, number], ...unknown[]];
  const flat = corners.map(([lon, lat]) => [(lon - origin[0]) * scaleX(origin[1]), (lat - origin[1]) * metresPerDegree] as const);
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = flat as unknown as [[number, number], [number, number], [number, number], [number, number]];
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const denominator = dx1 * dy2 - dx2 * dy1;
  if (Math.abs(denominator) < 1e-9) return null;
  const g = (dx3 * dy2 - dx2 * dy3) / denominator;
  const h = (dx1 * dy3 - dx3 * dy1) / denominator;
  const w = g * x + h * y + 1;
  if (w <= 1e-6) return null;
  const east = ((x1 - x0 + g * x1) * x + (x3 - x0 + h * x3) * y + x0) / w;
  const north = ((y1 - y0 + g * y1) * x + (y3 - y0 + h * y3) * y + y0) / w;
  return [origin[0] + east / scaleX(origin[1]), origin[1] + north / metresPerDegree];
}

/** Where the middle of the picture meets the ground tells how high the camera is above it. */
function fromRay(view: CameraView, x: number, y: number, aspect: number): GroundPoint | null {
  const { headingDeg, pitchDeg, fovDeg } = view;
  if (!view.center || headingDeg === null || pitchDeg === null || fovDeg === null || pitchDeg > -flattestDeg) return null;
  const { lat, lon } = view.camera;
  const away = Math.hypot((view.center.lon - lon) * scaleX(lat), (view.center.lat - lat) * metresPerDegree);
  const height = away * Math.tan(-pitchDeg * rad);
  if (height < 1) return null;
  // In the camera's own axes: right, down, ahead.
  const half = Math.tan((fovDeg / 2) * rad);
  const right = (x * 2 - 1) * half;
  const down = ((y * 2 - 1) * half) / aspect;
  const pitch = pitchDeg * rad;
  const ahead = Math.cos(pitch) + down * Math.sin(pitch);
  const fall = -Math.sin(pitch) + down * Math.cos(pitch);
  if (fall <= Math.sin(flattestDeg * rad)) return null;
  const scale = height / fall;
  const heading = headingDeg * rad;
  const east = (ahead * Math.sin(heading) + right * Math.cos(heading)) * scale;
  const north = (ahead * Math.cos(heading) - right * Math.sin(heading)) * scale;
  return [lon + east / scaleX(lat), lat + north / metresPerDegree];
}

function scaleX(lat: number): number {
  return metresPerDegree * Math.cos(lat * rad);
}

/** Where a point of the element lies in the picture, which keeps its shape inside it (black bars above or beside); null on a bar. */
export function inPicture(point: { x: number; y: number }, box: { width: number; height: number }, aspect: number): { x: number; y: number } | null {
  const width = Math.min(box.width, box.height * aspect);
  const height = width / aspect;
  const x = (point.x - (box.width - width) / 2) / width;
  const y = (point.y - (box.height - height) / 2) / height;
  return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? { x, y } : null;
}
