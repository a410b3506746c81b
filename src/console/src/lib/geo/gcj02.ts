/*
 * GCJ-02, the shifted datum of the public Chinese tile services. It exists only here and in the map's projection: what is
 * stored, shown as numbers and commanded is WGS-84. Baidu's BD-09 shifts once more and is not supported.
 */

const semiMajorM = 6_378_245.0;
const eccentricitySquared = 0.006_693_421_622_965_943_23;

/** The rectangle within which the shift is defined; outside it both datums are the same. */
function outsideChina(lon: number, lat: number): boolean {
  return lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271;
}

function waves(lon: number): number {
  const x = lon * Math.PI;
  return ((20 * Math.sin(6 * x) + 20 * Math.sin(2 * x)) * 2) / 3;
}

function shiftLat(x: number, y: number): number {
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves(x)
    + ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3
    + ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
}

function shiftLon(x: number, y: number): number {
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x)
    + ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3
    + ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
}

/** WGS-84 to GCJ-02, degrees, longitude first. */
export function toGcj02(lon: number, lat: number): [number, number] {
  if (outsideChina(lon, lat)) return [lon, lat];
  const x = lon - 105;
  const y = lat - 35;
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - eccentricitySquared * Math.sin(radians) ** 2;
  const dLat = (shiftLat(x, y) * 180) / (((semiMajorM * (1 - eccentricitySquared)) / (magic * Math.sqrt(magic))) * Math.PI);
  const dLon = (shiftLon(x, y) * 180) / ((semiMajorM / Math.sqrt(magic)) * Math.cos(radians) * Math.PI);
  return [lon + dLon, lat + dLat];
}

/** GCJ-02 to WGS-84 by fixed-point iteration; the shift changes so slowly that a few steps reach the last bit. */
export function fromGcj02(lon: number, lat: number): [number, number] {
  if (outsideChina(lon, lat)) return [lon, lat];
  let x = lon;
  let y = lat;
  for (let step = 0; step < 8; step++) {
    const [shiftedLon, shiftedLat] = toGcj02(x, y);
    const errorLon = shiftedLon - lon;
    const errorLat = shiftedLat - lat;
    x -= errorLon;
    y -= errorLat;
    if (Math.abs(errorLon) < 1e-14 && Math.abs(errorLat) < 1e-14) break;
  }
  return [x, y];
}
