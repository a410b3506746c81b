// The dispatcher's offline address search: crossings, roads, bridges, landmarks, parks, waters, stations, districts.

import { centroid, inside, length, mix, distance, toLonLat } from './geometry.mjs';
import { RIVERS, bridgePoints, columns as c } from './city.mjs';
import { canals, countryRoads, districts, hills, places, subdistricts } from './country.mjs';
import { sitePlaces } from './key-sites.mjs';
import { crossings, locals, parkAt, parks, through } from './network.mjs';
import { docks, gridRings, grids, supportPoints } from './patrol.mjs';
import { pinyin } from './pinyin.mjs';
import { cityLimit } from './zones.mjs';

const entries = [];
const taken = new Set();

/** The name of the district whose grid holds the place, else of the drawn district. */
function districtOf(at) {
  const grid = gridRings.find((g) => inside(g.ring, at));
  const properties = grid && grids.find((g) => g.id === grid.id).properties;
  const drawn = districts.find((d) => inside(d.ring, at));
  return properties ? { districtZh: properties.districtZh, districtEn: properties.districtEn } : drawn ? { districtZh: drawn.nameZh, districtEn: drawn.nameEn } : {};
}

function add(id, kind, nameZh, nameEn, at) {
  if (taken.has(id) || !inside(cityLimit, at)) return;
  taken.add(id);
  entries.push({ id, nameZh, nameEn, pinyin: pinyin(nameZh), kind, position: toLonLat(at), ...districtOf(at) });
}

function middle(line) {
  let left = length(line) / 2;
  for (let i = 0; i + 1 < line.length; i++) {
    const d = distance(line[i], line[i + 1]);
    if (left <= d) return mix(line[i], line[i + 1], left / d);
    left -= d;
  }
  return line[0];
}

const slug = (text) => text.toLowerCase().replace(/'/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

for (const { at, a, b } of crossings)
  add(`crossing-${slug(a.nameEn)}-${slug(b.nameEn)}`, 'Crossing', `${a.nameZh}与${b.nameZh}交叉口`, `${a.nameEn} and ${b.nameEn}`, at);
for (const road of [...through, ...countryRoads]) add(`road-${slug(road.nameEn)}`, 'Road', road.nameZh, road.nameEn, middle(road.line));
for (const lane of locals.filter((l) => l.nameZh)) add(`road-${slug(lane.nameEn)}`, 'Road', lane.nameZh, lane.nameEn, middle(lane.line));

const BRIDGE_HEADS = [
  [c.xiyang, '西洋坪大桥', 'Xiyangping Bridge'], [c.zhongshan, '中山桥', 'Zhongshan Bridge'], [c.yuanguang, '战备大桥', 'Zhanbei Bridge'],
  [c.jiulongAvenue, '漳州大桥', 'Zhangzhou Bridge'], [c.zhangfu, '龙江大桥', 'Longjiang Bridge'],
];
for (const [column, nameZh, nameEn] of BRIDGE_HEADS) {
  const { north, middle: centre, south } = bridgePoints(column);
  add(`bridge-${slug(nameEn)}`, 'Bridge', nameZh, nameEn, centre);
  add(`bridge-${slug(nameEn)}-north`, 'Bridge', `${nameZh}北桥头`, `${nameEn}, north end`, north);
  add(`bridge-${slug(nameEn)}-south`, 'Bridge', `${nameZh}南桥头`, `${nameEn}, south end`, south);
}

for (const park of parks) add(park.id, 'Park', park.nameZh, park.nameEn, parkAt(park.id));
for (const hill of hills) add(hill.id, 'Landmark', hill.nameZh, hill.nameEn, hill.at);
for (const canal of canals) add(canal.id, 'Water', canal.nameZh, canal.nameEn, middle(canal.line));
for (const river of RIVERS) add(`river-${river.id}`, 'Water', river.nameZh, river.nameEn, middle(river.centre));
for (const d of [...districts.map((d) => ({ ...d, at: d.label })), ...subdistricts.map((d) => ({ ...d, at: centroid(d.ring) }))])
  add(d.id, 'District', d.nameZh, d.nameEn, d.at);
for (const place of places.filter((p) => p.kind !== 'City')) {
  const kind = { Station: 'Station', Landmark: 'Landmark' }[place.kind] ?? 'District';
  add(place.id, kind, place.nameZh, place.nameEn, place.at);
}
const named = new Set(entries.map((e) => e.nameZh));
for (const site of sitePlaces.filter((s) => !named.has(s.nameZh))) {
  const kind = { RailwayStation: 'Station', BusStation: 'Station', Bridge: 'Bridge' }[site.kind] ?? 'Landmark';
  add(site.id, kind, site.nameZh, site.nameEn, site.at);
}
const placed = (f, kind) => entries.push({ id: f.id, nameZh: f.properties.nameZh, nameEn: f.properties.nameEn, pinyin: pinyin(f.properties.nameZh), kind, position: f.geometry.coordinates });
for (const dock of docks) placed(dock, 'Landmark');
for (const supportPoint of supportPoints) placed(supportPoint, 'Landmark');

export const addresses = entries;
