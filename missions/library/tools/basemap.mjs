// Assembles the layers of the base map, in the order they are drawn: districts, green, blocks, water, buildings, railways, roads, bridges, labels.

import { band, blob, centroid, circle, crossing, distance, inset, inside, meet, mix, offset, overlaps, random, simplified, smooth } from './geometry.mjs';
import { ISLANDS, RIVERS, SEED, columns as c, northBank, rows as r, waters, xixi } from './city.mjs';
import { canals, countryRoads, districts, fields, hills, places, ponds, railways, subdistricts, towns, villages, withinEdge } from './country.mjs';
import { blocks, locals, parkAt, parks, through } from './network.mjs';
import { feature, lineString, multiLineString, multiPolygon, point, polygon } from './output.mjs';
import { houses, slabs, towers } from './streets.mjs';

const names = ({ nameZh, nameEn }) => (nameZh ? { nameZh, nameEn } : {});
const next = random(SEED + 900);

const islands = ISLANDS.map(([id, nameZh, nameEn, x, y, rx, ry, turnDeg], i) => ({
  id, nameZh, nameEn, at: [x, y], ring: blob([x, y], rx, ry, random(SEED + 700 + i), { turnDeg, knots: 12, step: 45, roughness: 0.14 }),
}));

/** A lake inside its park: the shore lies on rays from the middle, at a share of the way to the park's edge. */
const lakes = parks.filter((p) => p.lake > 0).map((p, i) => {
  const middle = centroid(p.ring);
  const rough = random(SEED + 750 + i);
  const rays = (n, turn) => {
    const a = ((n + turn) * 2 * Math.PI) / 13;
    const far = [middle[0] + 3000 * Math.cos(a), middle[1] + 3000 * Math.sin(a)];
    return p.ring.map((q, k) => crossing(middle, far, q, p.ring[(k + 1) % p.ring.length])).find(Boolean)[0];
  };
  const short = Math.min(...Array.from({ length: 13 }, (_, n) => distance(middle, rays(n, 0))));
  const shore = Array.from({ length: 13 }, (_, n) => {
    const bank = rays(n, 0.4 * rough());
    const share = Math.min(1, (1.7 * short) / distance(middle, bank));
    return mix(middle, bank, Math.sqrt(p.lake) * share * (0.86 + 0.22 * rough()));
  });
  return { id: `lake-${p.id.slice(5)}`, park: p, ring: smooth(shore, 35, true) };
});

const LAKE_NAMES = { 'lake-bihu': ['碧湖', 'Bihu Lake'], 'lake-nanhu': ['南湖', 'Nanhu Lake'], 'lake-xiyuan': ['西院湖', 'Xiyuan Lake'], 'lake-longjiang': ['龙江湖', 'Longjiang Lake'], 'lake-nanshan': ['南山湖', 'Nanshan Lake'] };
for (const lake of lakes) [lake.nameZh, lake.nameEn] = LAKE_NAMES[lake.id] ?? [];

// A canal ends a few metres inside the river it flows into.
for (const canal of canals) {
  const mouth = meet(canal.line, xixi.north);
  if (mouth) canal.line = [...canal.line.slice(0, mouth[1] + 1), mix(canal.line[mouth[1]], mouth[0], 1 + 5 / distance(canal.line[mouth[1]], mouth[0]))];
}
const canalRings = canals.map((canal) => ({ ...canal, ring: band(canal.line, canal.width) }));

const river = waters(withinEdge);

export const water = [
  feature('river-jiulong', { kind: 'River', ...names(RIVERS[2]) }, polygon(river, islands.map((i) => i.ring), 5)),
  ...canalRings.map((canal) => feature(canal.id, { kind: 'Canal', ...names(canal) }, polygon(canal.ring, [], 5))),
  ...lakes.map((lake) => feature(lake.id, { kind: 'Lake', ...names(lake) }, polygon(lake.ring, [], 5))),
  ...ponds.map((pond) => feature(pond.id, { kind: 'Pond' }, polygon(pond.ring, [], 5))),
];

/** The strip of park between the water's edge and the bank road, left open at the bridges' heads by its own narrowness. */
function bankPark(id, nameZh, nameEn, bank, by, from, to) {
  const line = bank.filter((p) => p[0] >= from && p[0] <= to);
  const edge = offset(line, by * 0.12), inland = offset(line, by);
  return feature(id, { kind: 'Park', nameZh, nameEn }, polygon([...edge, ...inland.reverse()], [], 5));
}

const country = blocks.filter((b) => b.quarter === 'south' && next() < 0.5);
const farmland = new Set(country);

export const green = [
  feature('farmland-plain', { kind: 'Farmland' }, multiPolygon(fields.map((f) => f.ring), 5)),
  ...hills.flatMap((hill) => hill.steps.map((ring, i) =>
    feature(i === 0 ? hill.id : `${hill.id}-${i + 1}`, { kind: 'Hill', step: i + 1, ...(i === 0 ? names(hill) : {}) }, polygon(ring, [], 5)))),
  ...parks.map((park) => feature(park.id, { kind: park.kind, ...names(park) }, polygon(inset(park.ring, 7) ?? park.ring, lakes.filter((lake) => lake.park === park).map((lake) => lake.ring), 5))),
  bankPark('park-jiangbin-west', '江滨公园西段', 'Riverside Park West', xixi.north, 36, -5800, -540),
  bankPark('park-jiangbin', '江滨公园', 'Riverside Park', xixi.north, 36, -620, 4560),
  bankPark('park-jiangbin-east', '江滨公园东段', 'Riverside Park East', xixi.north, 36, 4470, 7700),
  bankPark('park-nanbin', '南江滨公园', 'South Riverside Park', xixi.south, -40, -3900, 7800),
  ...islands.map((island) => feature(island.id, { kind: 'Island', ...names(island) }, polygon(island.ring, [], 5))),
  feature('farmland-south', { kind: 'Farmland' }, multiPolygon(country.map((b) => inset(b.ring, 9)).filter(Boolean), 5)),
];

/** What a block is used for, by where it lies. */
function useOf({ quarter, ring }) {
  const [x, y] = centroid(ring);
  if (quarter === 'old') return 'Old';
  if ((x < -4300 && y > 700) || (x > 6100 && y > 300 && y < 2400)) return next() < 0.72 ? 'Industrial' : 'Residential';
  const busy = [r.shengli, r.nanchang, c.xinhua, c.danxia].some((road) => road.line.some((p) => distance(p, [x, y]) < 190));
  if (busy && next() < 0.55) return 'Commercial';
  return next() < 0.1 ? 'Civic' : 'Residential';
}

const built = [
  ...blocks.filter((b) => !farmland.has(b)).map((b) => ({ ...b, use: useOf(b), ground: inset(b.ring, b.quarter === 'old' ? 2.6 : 8) })),
  ...towns.flatMap((town) => town.blocks.map((ring) => ({ face: town.id, quarter: 'town', use: 'Residential', ring, ground: inset(ring, 9) }))),
].filter((b) => b.ground);

const groupBy = (items, key) => {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
};

export const blockLayer = groupBy(built, (b) => `${b.face}-${b.use.toLowerCase()}`)
  .map(([id, group]) => feature(`block-${id}`, { use: group[0].use }, multiPolygon(group.map((b) => b.ground), 5)))
  .concat(feature('block-villages', { use: 'Residential' }, multiPolygon(villages.map((v) => v.ring), 5)));

// Buildings keep clear of canals: they are the one water that runs through blocks.
const wide = canals.map((canal) => band(canal.line, canal.width + 12));
const dry = (ring) => !wide.some((w) => overlaps(ring, w));

/** East of it stand towers, west of it the older slabs. */
const NEW_TOWN = 2400;

function buildingsOf(block) {
  if (block.quarter === 'old') return houses(block.ground, 590, 0.9, 0.93, next);
  const yard = inset(block.ground, 7);
  if (!yard) return [];
  if (block.use === 'Residential') return centroid(yard)[0] > NEW_TOWN ? towers(yard, next) : slabs(yard, next);
  return houses(yard, centroid(yard)[0] > NEW_TOWN ? 4600 : block.use === 'Commercial' ? 1900 : 2400, 5.5, 0.82, next);
}

const shown = built.filter((b) => {
  const [x, y] = centroid(b.ring);
  if (b.quarter === 'south' || b.quarter === 'town') return false;
  return b.quarter === 'old' || (x > -1700 && x < NEW_TOWN && y < 720) || (x >= NEW_TOWN && x < 6100 && y < 640);
});

const rectangle = (x, y, w, h) => [[x - w / 2, y - h / 2], [x + w / 2, y - h / 2], [x + w / 2, y + h / 2], [x - w / 2, y + h / 2]];
const ellipse = (x, y, rx, ry) => circle([0, 0], 1, 36).map(([u, v]) => [x + u * rx, y + v * ry]);

/** Single buildings people steer by. */
const temple = parkAt('park-confucian-temple');
const landmarks = [
  ['landmark-temple', '漳州文庙', 'Confucian Temple', [[21, 30, 9], [-1, 34, 17], [-22, 24, 7]].map(([dy, w, h]) => rectangle(temple[0], temple[1] + dy, w, h))],
  ['landmark-weizhen', '威镇阁', 'Weizhen Pavilion', [circle(northBank(1150, 24), 10, 8)]],
  ['landmark-stadium', '体育场', 'Stadium', [ellipse(...parkAt('park-sports'), 62, 88)]],
  ['landmark-station', '漳州站', 'Zhangzhou Station', [rectangle(5900, -5470, 190, 46)]],
];

export const buildings = groupBy(shown, (b) => `${b.face}-${b.use.toLowerCase()}`)
  .map(([id, group]) => ({ id, use: group[0].use, rings: group.flatMap(buildingsOf).filter(dry) }))
  .filter((g) => g.rings.length > 0)
  .map((g) => feature(`building-${g.id}`, { use: g.use }, multiPolygon(g.rings, g.use === 'Old' ? 6 : 5)))
  .concat(landmarks.map(([id, nameZh, nameEn, rings]) => feature(id, { use: 'Landmark', nameZh, nameEn }, multiPolygon(rings))));

const allRoads = [...countryRoads.map((road) => ({ ...road, line: withinEdge(road.line) })), ...through];
const rails = railways.map((rail) => ({ ...rail, line: withinEdge(rail.line) }));

export const roads = [
  ...allRoads.map((road) => feature(`road-${road.id}`, { class: road.cls, ...names(road) }, lineString(road.line, 5))),
  ...locals.filter((l) => l.nameZh).map((l, i) => feature(`lane-${i + 1}`, { class: l.cls, ...names(l) }, lineString(l.line))),
  ...groupBy(locals.filter((l) => !l.nameZh), (l) => `${l.face}-${l.cls}`).map(([id, group]) =>
    feature(`local-${id}`, { class: group[0].cls }, multiLineString(group.map((l) => l.line), 5))),
  ...towns.map((town) => feature(`local-${town.id}`, { class: 'residential' },
    multiLineString([[...town.ring, town.ring[0]], ...town.streets], 5))),
];

export const railwayLayer = rails.map((rail) => feature(rail.id, { class: rail.cls, ...names(rail) }, lineString(rail.line, 5)));

const BRIDGES = {
  xiyang: ['西洋坪大桥', 'Xiyangping Bridge'], zhongshan: ['中山桥', 'Zhongshan Bridge'], yuanguang: ['战备大桥', 'Zhanbei Bridge'],
  'jiulong-avenue': ['漳州大桥', 'Zhangzhou Bridge'], zhangfu: ['龙江大桥', 'Longjiang Bridge'],
};

/** The stretches of a line that lie over a ring, a little longer at both ends. */
function over(line, ring, extra) {
  const spans = [];
  let from = null;
  for (let i = 0; i + 1 < line.length; i++) {
    const hits = ring.map((p, k) => crossing(line[i], line[i + 1], p, ring[(k + 1) % ring.length])).filter(Boolean).sort((a, b) => a[1] - b[1]);
    for (const [p] of hits) {
      if (from) {
        spans.push([...from, p]);
        from = null;
      } else from = [p];
    }
    if (from) from.push(line[i + 1]);
  }
  return spans.map((s) => {
    const stretch = (a, b) => mix(b, a, 1 + extra / distance(a, b));
    return [stretch(s[0], s[1]), ...s.slice(1, -1), stretch(s[s.length - 1], s[s.length - 2])];
  });
}

const bridgesOf = (lines, ring, extra, tag) => lines.flatMap((road) => over(road.line, ring, extra).map((line, i) => {
  const named = tag === 'river' ? BRIDGES[road.id.replace(/-\d+$/, '')] : undefined;
  return feature(`bridge-${road.id}-${tag}-${i + 1}`, { class: road.cls, ...(named ? { nameZh: named[0], nameEn: named[1] } : {}) }, lineString(line));
}));

const crossingRoads = allRoads.filter((road) => !/^(jiangbin|nanbin)/.test(road.id));
export const bridges = [
  ...bridgesOf([...crossingRoads, ...rails], river, 22, 'river'),
  ...canalRings.flatMap((canal) => bridgesOf(through, canal.ring, 3, canal.id.slice(6))),
];

export const districtLayer = [...districts, ...subdistricts].map((d) => feature(d.id, { level: d.level, ...names(d) }, polygon(simplified(d.ring, 2), [], 5)));

const label = (id, kind, rank, thing, at) => feature(id, { kind, rank, ...names(thing) }, point(at));
const along = (river, x) => river.centre.find((p) => p[0] >= x);

export const placeLayer = [
  ...places.map((p) => label(p.id, p.kind, p.rank, p, p.at)),
  ...districts.map((d) => label(`place-${d.id}`, 'District', 2, d, d.label)),
  ...subdistricts.map((d) => label(`place-${d.id}`, 'Subdistrict', 4, { nameZh: d.nameZh.replace('街道', ''), nameEn: d.nameEn }, centroid(d.ring))),
  ...parks.map((p) => label(`place-${p.id}`, 'Park', 5, p, centroid(p.ring))),
  ...hills.map((h) => label(`place-${h.id}`, 'Hill', 4, h, h.at)),
  ...islands.map((i) => label(`place-${i.id}`, 'Water', 6, i, i.at)),
  ...[[-8300, 'a'], [-2900, 'b'], [1950, 'c'], [5000, 'd'], [11900, 'e']].map(([x, n]) => label(`place-xixi-${n}`, 'Water', n === 'c' ? 2 : 3, xixi, along(xixi, x))),
  label('place-beixi', 'Water', 3, RIVERS[1], [12250, 1900]), label('place-jiulong', 'Water', 2, RIVERS[2], [16800, -6300]),
  label('place-jiushijiu', 'Water', 5, canals[0], [5720, 700]),
];
