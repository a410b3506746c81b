// The street network and what lies between it: faces of the through streets, cut into blocks, the parks kept whole.

import { between, centroid, distance, length, meet, random } from './geometry.mjs';
import { SEED, columns as c, face, moat, node, oldTown as o, rows as r, streets as s } from './city.mjs';
import { Ends, divide } from './streets.mjs';

/** Blocks kept whole: [id, 中文, English, kind, place, wanted size in square metres, share of the block that is lake]. */
export const PARKS = [
  ['park-confucian-temple', '漳州文庙', 'Confucian Temple', 'Square', [-60, -205], 7000, 0],
  ['park-shengli', '胜利公园', 'Shengli Park', 'Park', [1400, 990], 60000, 0],
  ['park-zhishan', '芝山公园', 'Zhishan Park', 'Park', [-1650, 2180], 230000, 0],
  ['park-xiyuan', '西院湖公园', 'Xiyuan Lake Park', 'Park', [2030, 2090], 250000, 0.62],
  ['park-bihu', '碧湖公园', 'Bihu Park', 'Park', [4880, -640], 480000, 0.6],
  ['park-nanhu', '南湖公园', 'Nanhu Park', 'Park', [2060, -1230], 250000, 0.55],
  ['park-jiushijiu', '九十九湾公园', 'Ninety-nine Bends Park', 'Park', [5680, 2180], 110000, 0],
  ['park-madudi', '马肚底公园', 'Madudi Park', 'Park', [3330, 1650], 65000, 0.3],
  ['park-sports', '市体育中心', 'City Sports Centre', 'Square', [3300, 1000], 70000, 0],
  ['park-longjiang', '龙江公园', 'Longjiang Park', 'Park', [6500, -620], 90000, 0.35],
  ['park-jinfeng', '金峰公园', 'Jinfeng Park', 'Park', [-4650, 1160], 80000, 0.25],
  ['park-university', '师范大学校园', 'Normal University Campus', 'Park', [-2980, 350], 150000, 0.12],
  ['park-nanshan', '南山公园', 'Nanshan Park', 'Park', [-900, -2300], 220000, 0.3],
].map(([id, nameZh, nameEn, kind, at, size, lake]) => ({ id, nameZh, nameEn, kind, at, size, lake }));

/** Lanes get the names of old Zhangzhou lanes and wards: [中文, English]. */
const LANES = [
  ['龙眼营', 'Longyanying'], ['打锡巷', 'Daxi Lane'], ['庵后巷', 'Anhou Lane'], ['杨老巷', 'Yanglao Lane'], ['九牛巷', 'Jiuniu Lane'],
  ['塔口庵', "Takou'an"], ['道口街', 'Daokou Street'], ['公府街', 'Gongfu Street'], ['府埕', 'Fucheng'], ['考棚口', 'Kaopengkou'],
  ['霞薰里', 'Xiaxunli'], ['洋老洲', 'Yanglaozhou'], ['岳口街', 'Yuekou Street'], ['文川里', 'Wenchuanli'], ['官园', 'Guanyuan'],
  ['东闸口', 'Dongzhakou'], ['甘棠巷', 'Gantang Lane'], ['下营', 'Xiaying'], ['顶田下', 'Dingtianxia'], ['新行街', 'Xinhang Street'],
  ['太古桥', 'Taiguqiao'], ['平等路', 'Pingdeng Road'], ['共和路', 'Gonghe Road'], ['解元巷', 'Jieyuan Lane'], ['石坊巷', 'Shifang Lane'],
  ['瑞桃巷', 'Ruitao Lane'], ['北桥街', 'Beiqiao Street'], ['南台庙', 'Nantaimiao'], ['马坪街', 'Maping Street'], ['炉前巷', 'Luqian Lane'],
  ['米市街', 'Mishi Street'], ['竹街', 'Zhu Street'], ['陆安巷', "Lu'an Lane"], ['花园巷', 'Huayuan Lane'], ['书院巷', 'Shuyuan Lane'], ['钟鼓巷', 'Zhonggu Lane'],
];

const ends = new Ends();
const next = random(SEED + 100);

/** {id, quarter, ring}: old, core, outer or south decides how fine a face is cut. */
const faces = [];

function lattice(prefix, columns, rows, quarterOf) {
  for (let i = 0; i + 1 < columns.length; i++)
    for (let k = 0; k + 1 < rows.length; k++) {
      const north = typeof rows[k] === 'function' ? rows[k](i) : rows[k];
      const south = typeof rows[k + 1] === 'function' ? rows[k + 1](i) : rows[k + 1];
      if (!north || !south) continue;
      const ring = face(columns[i], columns[i + 1], north, south);
      faces.push({ id: `${prefix}-${i + 1}-${k + 1}`, ring, quarter: quarterOf(centroid(ring)) });
    }
}

const northern = [r.ring, s.beicang, r.tengfei, s.ruiquan, r.jianyuan, r.shengli, r.nanchang];
const byDistance = ([x, y]) => (x > -2700 && x < 4600 && y < 1600 ? 'core' : 'outer');

lattice('west', [c.xihuan, s.jintang, c.xiyang, s.ruizhu, c.daxue, s.xiangfu, s.datongNorth, c.zhongfa], [...northern, r.jiangbin], byDistance);
lattice('middle', [c.zhongfa, s.yananNorth, c.xinhua], northern, byDistance);
lattice('east', [c.xinhua, s.cangyuan, c.yuanguang, s.xinpu, c.danxia, s.ruijing, c.jiulongAvenue, s.longwen, c.longjiang, s.wupu, c.zhangfu],
  [...northern, r.hubin, r.jiangbin], byDistance);
lattice('south', [c.xiyang, s.qianfeng, c.zhongshan, s.yuanNan, c.yuanguang, s.xiazhou, c.jiulongAvenue, s.tangbian, c.zhangfu], [r.nanbin, r.southRing], () => 'south');

// The old city: Zhongshan Park takes the two faces between Beijing Road and Yan'an South Road whole.
const across = (i) => (i < 3 ? o.datongWest : i > 3 ? o.gongyuan : null);
const oldColumns = [c.zhongfa, o.fanghua, o.hongkong, c.zhongshan, o.yananSouth, o.qingnian, c.xinhua];
lattice('old', oldColumns, [r.nanchang, across, r.taiwan, o.xiuwen, moat, o.boai, r.jiangbin], () => 'old');
export const zhongshanPark = face(c.zhongshan, o.yananSouth, r.nanchang, r.taiwan);

const LEAF = { old: 4400, core: 32000, outer: 125000, south: 160000 };

/** Blocks {face, quarter, ring}, parks {…, ring} and local streets {face, cls, line}. */
export const blocks = [];
export const parks = [{ id: 'park-zhongshan', nameZh: '中山公园', nameEn: 'Zhongshan Park', kind: 'Park', lake: 0.1, ring: zhongshanPark }];
export const locals = [];

for (const f of faces)
  divide(f.ring, {
    leaf: LEAF[f.quarter], ...(f.quarter === 'old' ? { wander: 0.42, snapping: 0.1 } : { wander: 0.12 }), parks: PARKS, ends, next,
    street: (a, b) => locals.push({ face: f.id, cls: f.quarter === 'old' ? 'lane' : 'residential', line: [a, b] }),
    block: (ring, park) => (park ? parks.push({ ...park, ring }) : blocks.push({ face: f.id, quarter: f.quarter, ring })),
  });

/** Where a park is labelled and watched. */
export const parkAt = (id) => centroid(parks.find((p) => p.id === id).ring);

const missing = PARKS.filter((p) => !parks.some((q) => q.id === p.id));
if (missing.length > 0) throw new Error(`no block for ${missing.map((p) => p.id)}`);

// One name to a straight run of lanes: the longest get the names, well apart from each other.
const named = [];
for (const lane of locals.filter((l) => l.cls === 'lane').sort((a, b) => length(b.line) - length(a.line))) {
  const middle = [(lane.line[0][0] + lane.line[1][0]) / 2, (lane.line[0][1] + lane.line[1][1]) / 2];
  if (named.length === LANES.length) break;
  if (named.some((n) => distance(n.middle, middle) < 85)) continue;
  [lane.nameZh, lane.nameEn] = LANES[named.length];
  named.push({ middle });
}

/** A through road from its first to its last crossing with the given ones, cut where its name changes. */
function pieces(road, from, to, vertical) {
  const line = between(road.line, from ?? road.line[0], to ?? road.line[road.line.length - 1]);
  const axis = vertical ? 1 : 0;
  const out = [];
  road.names.forEach(([, nameZh, nameEn], i) => {
    const limit = road.names[i + 1]?.[0];
    const before = (p) => (limit === undefined ? true : vertical ? p[axis] >= limit : p[axis] <= limit);
    const start = out.length === 0 ? 0 : out[out.length - 1].end;
    let end = start;
    while (end + 1 < line.length && before(line[end + 1])) end++;
    if (end > start) out.push({ id: `${road.id}-${i + 1}`, cls: road.cls, nameZh, nameEn, line: line.slice(start, end + 1), end });
    else if (out.length === 0) out.push({ id: `${road.id}-${i + 1}`, cls: road.cls, nameZh, nameEn, line: [], end: 0 });
  });
  return out.filter((p) => p.line.length > 1).map(({ end, ...p }) => p);
}

const v = (road, first, last) => pieces(road, first && node(road, first), last && node(road, last), true);
const h = (road, first, last) => pieces(road, first && node(road, first), last && node(road, last), false);

/** Through streets as drawn: each ends on another, or goes on into the country. */
export const through = [
  ...h(r.ring, c.xihuan, c.zhangfu), ...h(r.tengfei, c.xihuan, c.zhangfu), ...h(r.jianyuan, c.xihuan, c.zhangfu), ...h(r.shengli, c.xihuan, c.zhangfu),
  ...h(r.nanchang, c.xihuan, c.zhangfu), ...h(r.hubin, c.xinhua, c.zhangfu), ...h(r.jiangbin, c.xihuan, c.zhangfu), ...h(r.nanbin, c.xiyang, c.zhangfu),
  ...h(r.southRing, c.xiyang, c.zhangfu), ...h(s.beicang, c.xihuan, c.zhangfu), ...h(s.ruiquan, c.xihuan, c.zhangfu),
  ...v(c.xihuan, r.ring, r.jiangbin), ...v(c.xiyang, r.ring, r.southRing), ...v(c.daxue, r.ring, r.jiangbin), ...v(c.zhongfa, r.ring, r.jiangbin),
  ...v(c.xinhua, r.ring, r.jiangbin), ...v(c.yuanguang, r.ring, null), ...v(c.danxia, r.ring, r.jiangbin), ...v(c.jiulongAvenue, r.ring, null),
  ...v(c.longjiang, r.ring, r.jiangbin), ...v(c.zhangfu, r.ring, null), ...v(c.zhongshan, r.nanchang, r.southRing),
  ...[s.jintang, s.ruizhu, s.xiangfu, s.datongNorth, s.cangyuan, s.xinpu, s.ruijing, s.longwen, s.wupu].flatMap((road) => v(road, r.ring, r.jiangbin)),
  ...v(s.yananNorth, r.ring, r.nanchang), ...[s.qianfeng, s.yuanNan, s.xiazhou, s.tangbian].flatMap((road) => v(road, r.nanbin, r.southRing)),
  ...[o.fanghua, o.hongkong, o.yananSouth, o.qingnian].flatMap((road) => v(road, r.nanchang, r.jiangbin)),
  ...h(r.taiwan, c.zhongfa, c.xinhua), ...h(o.xiuwen, c.zhongfa, c.xinhua), ...h(o.boai, c.zhongfa, c.xinhua),
  ...h(o.datongWest, c.zhongfa, c.zhongshan), ...h(o.gongyuan, o.yananSouth, c.xinhua),
];

/** Every crossing of two named through streets: {at, a, b}. */
export const crossings = [];
for (let i = 0; i < through.length; i++)
  for (let k = i + 1; k < through.length; k++) {
    if (through[i].nameZh === through[k].nameZh) continue;
    const hit = meet(through[i].line, through[k].line);
    if (hit) crossings.push({ at: hit[0], a: through[i], b: through[k] });
  }
