// Writes GeoJSON (RFC 7946) with one feature to a line, so that a change of one feature is a change of one line.

import { writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { area, toLonLat } from './geometry.mjs';

const NOTE_ZH = '手工绘制的示意数据，非测绘成果，不得用于导航或执法取证；坐标为 WGS-84。';
const NOTE_EN = 'Drawn by hand for demonstration; not a survey, not for navigation or evidence. Coordinates are WGS-84.';
const HEADER = { approximate: true, datum: 'WGS-84', noteZh: NOTE_ZH, noteEn: NOTE_EN };

const ringOf = (points, counterClockwise, decimals) => {
  const ordered = area(points) > 0 === counterClockwise ? points : [...points].reverse();
  const ring = ordered.map((p) => toLonLat(p, decimals)).filter((p, i, all) => i === 0 || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1]);
  const [first, last] = [ring[0], ring[ring.length - 1]];
  if (first[0] !== last[0] || first[1] !== last[1]) ring.push([...first]);
  return ring;
};

export const point = (p) => ({ type: 'Point', coordinates: toLonLat(p) });
export const lineString = (line, decimals = 6) => ({ type: 'LineString', coordinates: line.map((p) => toLonLat(p, decimals)) });
export const multiLineString = (lines, decimals = 6) => ({ type: 'MultiLineString', coordinates: lines.map((l) => lineString(l, decimals).coordinates) });
export const polygon = (outer, holes = [], decimals = 6) => ({
  type: 'Polygon',
  coordinates: [ringOf(outer, true, decimals), ...holes.map((h) => ringOf(h, false, decimals))],
});
export const multiPolygon = (outers, decimals = 6) => ({ type: 'MultiPolygon', coordinates: outers.map((o) => [ringOf(o, true, decimals)]) });

export const feature = (id, properties, geometry) => ({ type: 'Feature', id, properties, geometry });

export function writeCollection(root, path, name, features) {
  const head = Object.entries({ type: 'FeatureCollection', name, ...HEADER })
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`)
    .join('\n');
  write(root, path, `{\n${head}\n"features": [\n${features.map((f) => JSON.stringify(f)).join(',\n')}\n]\n}\n`);
}

export const writeJson = (root, path, value) => write(root, path, `${JSON.stringify({ name: value.id, ...HEADER, ...value }, null, 2)}\n`);

export function writeList(root, path, name, listName, items) {
  const head = Object.entries({ name, ...HEADER })
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`)
    .join('\n');
  write(root, path, `{\n${head}\n${JSON.stringify(listName)}: [\n${items.map((i) => JSON.stringify(i)).join(',\n')}\n]\n}\n`);
}

function write(root, path, text) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
