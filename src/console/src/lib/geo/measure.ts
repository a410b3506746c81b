/** The mean radius of WGS-84, metres: good to 0.3 % for the distances a screen shows. */
const earthRadiusM = 6_371_008.8;
const rad = Math.PI / 180;

export type LonLat = readonly [number, number];

/** Great-circle distance in metres. */
export function distanceM(a: LonLat, b: LonLat): number {
  const dLat = (b[1] - a[1]) * rad;
  const dLon = (b[0] - a[0]) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** First bearing from a to b, degrees from true north. */
export function bearingDeg(a: LonLat, b: LonLat): number {
  const dLon = (b[0] - a[0]) * rad;
  const y = Math.sin(dLon) * Math.cos(b[1] * rad);
  const x = Math.cos(a[1] * rad) * Math.sin(b[1] * rad) - Math.sin(a[1] * rad) * Math.cos(b[1] * rad) * Math.cos(dLon);
  return (Math.atan2(y, x) / rad + 360) % 360;
}

/** Area of a ring in square metres, on a plane tangent at its first corner: exact enough for a district. */
export function ringAreaM2(ring: readonly LonLat[]): number {
  const origin = ring[0];
  if (!origin || ring.length < 3) return 0;
  const scaleX = earthRadiusM * rad * Math.cos(origin[1] * rad);
  const scaleY = earthRadiusM * rad;
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const p = ring[i]!;
    const q = ring[(i + 1) % ring.length]!;
    sum += (p[0] - origin[0]) * scaleX * (q[1] - origin[1]) * scaleY - (q[0] - origin[0]) * scaleX * (p[1] - origin[1]) * scaleY;
  }
  return Math.abs(sum) / 2;
}

const angle = String.raw`(-?\d+(?:\.\d+)?)\s*(?:[°º]\s*(?:(\d+(?:\.\d+)?)\s*['′]\s*)?(?:(\d+(?:\.\d+)?)\s*["″]\s*)?)?`;
const letterFirst = new RegExp(String.raw`(?<letter>[NSEW])\s*${angle}`, 'g');
const letterLast = new RegExp(String.raw`${angle}\s*(?<letter>[NSEW])?`, 'g');

/**
 * Reads what a person types for a place: "117.655, 24.513", "24.513N 117.655E", "24°30'46.8\"N 117°39'18\"E". Without
 * letters the order is longitude first, as everywhere else here, unless only the other order is possible.
 */
export function parseCoordinates(text: string): LonLat | null {
  const upper = text.trim().toUpperCase();
  const parts = [...upper.matchAll(/^[NSEW]/.test(upper) ? letterFirst : letterLast)].map((match) => {
    const offset = typeof match[1] === 'string' && /[NSEW]/.test(match[1]) ? 2 : 1;
    const [degrees, minutes, seconds] = [match[offset]!, match[offset + 1], match[offset + 2]];
    const letter = match.groups?.['letter'] ?? null;
    const size = Math.abs(Number(degrees)) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600;
    const negative = degrees.startsWith('-') || letter === 'S' || letter === 'W';
    return { value: negative ? -size : size, letter };
  });
  const [a, b] = parts;
  if (!a || !b || parts.length !== 2) return null;
  const lettered = a.letter !== null || b.letter !== null;
  const latFirst = lettered ? a.letter === 'N' || a.letter === 'S' || b.letter === 'E' || b.letter === 'W' : Math.abs(b.value) > 90;
  const [lon, lat] = latFirst ? [b.value, a.value] : [a.value, b.value];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}
