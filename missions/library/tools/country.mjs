// What lies around the city: hills, ponds, towns, motorways, country roads, railways, districts.

import { area, blob, centroid, crossing, distance, inside, random, smooth } from './geometry.mjs';
import { SEED, beixi, columns as c, face, moat, node, northBank, rows as r, xixi } from './city.mjs';
import { gridRings, shimaTown } from './patrol.mjs';
import { Ends, divide } from './streets.mjs';

const seeded = (seed) => random(SEED + 500 + seed);

/** [id, 中文, English, x, y, half width, half height, turn] */
export const hills = [
  ['hill-yuanshan', '圆山', 'Yuanshan', -6900, -3300, 1500, 900, 20], ['hill-yundong', '云洞岩', 'Yundong Rock', 9450, 700, 850, 1250, 8],
  ['hill-ruizhu', '瑞竹岩', 'Ruizhu Rock', -2300, 5900, 2600, 950, -8], ['hill-tianbao', '天宝大山', 'Tianbao Mountain', -11300, 7300, 2100, 900, -24],
  ['hill-heming', '鹤鸣山', 'Heming Mountain', 4300, 6500, 2300, 1200, 14], ['hill-nanshan', '南山', 'Nanshan', -1600, -5000, 2400, 850, -10],
  ['hill-liangcun', '良村山', 'Liangcun Hill', 13300, 7200, 1500, 2000, -20], ['hill-wenpu', '文圃山', 'Wenpu Mountain', 19200, 4200, 2600, 900, -14],
  ['hill-dingzi', '丁字山', 'Dingzi Hill', 10300, -6200, 1700, 750, -22], ['hill-jiulong', '九龙岭', 'Jiulong Ridge', 20500, -9300, 3000, 700, 6],
  ['hill-wufeng', '五峰山', 'Wufeng Hill', 15600, 12300, 1700, 1500, 30], ['hill-baiyun', '白云岩', 'Baiyun Rock', 2600, -7050, 1500, 650, 12],
].map(([id, nameZh, nameEn, x, y, rx, ry, turnDeg], i) => ({
  id, nameZh, nameEn, at: [x, y], ring: blob([x, y], rx, ry, seeded(i), { turnDeg, knots: 12, step: 250, roughness: 0.15 }),
})).map((hill) => ({ ...hill, steps: [1, 0.66, 0.33].map((k, i) => hill.ring.map(([x, y]) => [hill.at[0] + (x - hill.at[0]) * k + 60 * i, hill.at[1] + (y - hill.at[1]) * k + 45 * i])) }));

/** Fields on the plain between the city and the hills, and the villages among them. */
export const fields = [
  [-8600, 2900, 1500, 700, -35], [-4200, 4050, 2300, 420, 6], [1500, 4200, 2600, 420, -4], [6200, 4200, 1300, 620, 12], [10600, 2300, 800, 900, 20],
  [-7600, -800, 1400, 600, -48], [2400, -5000, 1200, 700, 8], [9600, -4400, 1500, 560, -22], [12300, -900, 1000, 800, 30], [16400, -4300, 1600, 700, -30],
  [20500, -3200, 3200, 1500, -8], [18000, -400, 1700, 700, 28], [9700, 9000, 700, 1900, -6], [12700, 10900, 1000, 700, 40], [13200, -8500, 1500, 600, -10],
].map(([x, y, rx, ry, turnDeg], i) => ({ ring: blob([x, y], rx, ry, seeded(120 + i), { turnDeg, knots: 11, step: 280, roughness: 0.22 }) }));

const scatter = seeded(160);
export const villages = fields.flatMap(({ ring }) => {
  const middle = centroid(ring);
  return Array.from({ length: 4 }, (_, k) => {
    const edge = ring[Math.floor(((k + scatter() * 0.7) / 4) * ring.length)];
    const t = 0.35 + 0.5 * scatter();
    const at = [middle[0] + (edge[0] - middle[0]) * t, middle[1] + (edge[1] - middle[1]) * t];
    return { ring: blob(at, 110 + 120 * scatter(), 80 + 80 * scatter(), scatter, { turnDeg: 180 * scatter(), knots: 7, step: 90, roughness: 0.25 }) };
  });
});

export const ponds = [
  [-7600, 3000, 210, 120, 20], [-3300, 4500, 260, 120, -30], [1200, 4650, 230, 150, 10], [7000, 4300, 330, 170, 25], [8650, -400, 150, 90, 60],
  [11400, 1100, 210, 150, 0], [-4900, -2200, 190, 110, 35], [3900, -4700, 240, 130, -15], [8200, -5900, 210, 120, 10], [14500, -6900, 320, 140, -35],
  [18200, 900, 380, 170, -20], [20100, -800, 420, 180, 10], [9800, 10800, 200, 120, 40], [-10700, 1700, 180, 110, -50], [18600, -8300, 260, 120, 5],
].map(([x, y, rx, ry, turnDeg], i) => ({ id: `pond-${i + 1}`, ring: blob([x, y], rx, ry, seeded(40 + i), { turnDeg, knots: 9, step: 60 }) }));

/** The bends of the canal that drains Longwen, and the moat that crosses the old city: centre line and width in metres. */
export const canals = [
  { id: 'canal-jiushijiu', nameZh: '九十九湾', nameEn: 'Ninety-nine Bends', width: 26, line: smooth([[5900, 4600], [5720, 4150], [5860, 3700], [5560, 3300], [5800, 2900], [5480, 2560], [5720, 2200], [5520, 1820], [5750, 1450], [5480, 1080], [5700, 720], [5560, 330], [5740, -60], [5520, -430], [5700, -800], [5600, -1130], [5740, -1520]], 45) },
  { id: 'canal-songhe', nameZh: '宋河', nameEn: 'Song Moat', width: 9, line: moat.line },
  { id: 'canal-putou', nameZh: '浦头港', nameEn: 'Putou Creek', width: 16, line: smooth([[1350, 2600], [1420, 2150], [1290, 1700], [1420, 1250], [1340, 800], [1430, 350], [1320, -60], [1440, -450], [1370, -900], [1480, -1320]], 45) },
  { id: 'canal-sanwan', nameZh: '三湾水系', nameEn: 'Sanwan Creek', width: 18, line: smooth([[-3050, 3300], [-3150, 2500], [-2900, 1700], [-3060, 1000], [-2860, 400], [-2960, -300], [-2840, -800]], 55) },
];

/** Country roads, motorways: [id, class, 中文, English, controls]; the first and last points lie on other roads where they can. */
const end = (road) => road.line.at(-1);
const nearest = (road, p) => road.line.reduce((a, b) => (distance(p, b) < distance(p, a) ? b : a));
export const countryRoads = [
  ['g76', 'motorway', '厦蓉高速', 'Xiamen–Chengdu Expressway G76', [[-19500, 5900], [-16000, 5600], [-12800, 5500], [-8500, 4900], [-4500, 4600], [-500, 4750], [3500, 4780], [7600, 4900], [10400, 7600], [13200, 9900], [16500, 9800], [21500, 7400], [27500, 6800], [33000, 7500]]],
  ['g15', 'motorway', '沈海高速', 'Shenyang–Haikou Expressway G15', [[33000, 2200], [27500, 2700], [22500, 3600], [17800, 2700], [15500, 1000], [14900, -2300], [12600, -5200], [9200, -7000], [5200, -8200], [1500, -9600], [-2000, -12500]]],
  ['g319-west', 'trunk', '漳天路', 'Zhangtian Road', [node(c.xihuan, r.jianyuan), [-7300, 2300], [-8600, 3500], [-9700, 4300], [-12000, 4700], [-15800, 5300], [-19500, 5450]]],
  ['g324-east', 'trunk', '漳厦路', 'Zhangxia Road', [node(c.zhangfu, r.nanchang), [9900, -900], [11300, -550], [13000, -350], [15300, 150], [18200, 1700], [22200, 1500], [27000, 2000], [33000, 1500]]],
  ['s207-north', 'trunk', '漳长路', 'Zhangchang Road', [node(c.zhangfu, r.ring), [8650, 3650], [9900, 3900], [8700, 5400], [8350, 7500], [8300, 9600], [9600, 11400], [11400, 12300], [14200, 14300], [17000, 18500]]],
  ['s208-south', 'trunk', '漳石路', 'Zhangshi Road', [end(c.zhangfu), [9700, -5200], [12600, -6500], [14600, -7500], [16250, -8100], [18300, -8700], [21500, -8500], [26500, -10100], [31000, -12500]]],
  ['station-road', 'primary', '站前大道', 'Station Avenue', [[3000, -5150], [4100, -5250], [5300, -5450], [6600, -5120], [7600, -4900], end(c.zhangfu)]],
  ['x520', 'secondary', '九湖路', 'Jiuhu Road', [node(c.xiyang, r.southRing), [-4400, -4100], [-3900, -5600], [-1300, -6300], [1300, -6000], [3000, -5150]]],
  ['yuanshan-road', 'secondary', '圆山路', 'Yuanshan Road', [nearest(c.xiyang, [-3900, -2050]), [-5100, -1950], [-7300, -1600], [-8800, -300], [-9400, 1100], [-11200, 1500], [-14000, 2500], [-19500, 3300]]],
  ['g319-south', 'trunk', '漳浦路', 'Zhangpu Road', [end(c.yuanguang), [2150, -4600], [3000, -5150], [1300, -6400], [-300, -7600], [-1700, -9200], [-4000, -11500]]],
].map(([id, cls, nameZh, nameEn, controls]) => ({ id, cls, nameZh, nameEn, line: smooth(controls, 140) }));

export const railways = [
  ['rail-xiashen', 'high-speed', '厦深铁路', 'Xiamen–Shenzhen Railway', [[33000, 5700], [27500, 3700], [21000, 400], [16500, -1250], [13600, -1900], [11500, -2300], [9500, -3900], [7400, -5280], [6000, -5640], [4000, -6120], [500, -7900], [-3000, -10200], [-6000, -12500]]],
  ['rail-yingxia', 'rail', '鹰厦铁路', 'Yingtan–Xiamen Railway', [[13900, 19500], [13000, 11200], [12100, 8200], [12000, 6300], [13200, 4600], [13500, 2500], [16500, 600], [21500, 2700], [27500, 4600], [33000, 6500]]],
  ['rail-branch', 'rail', '漳州支线', 'Zhangzhou Branch', [[12480, 5450], [11350, 4950], [10300, 4720], [8650, 3950], [7500, 3200], [6750, 3020], [5700, 2860], [4960, 2820]]],
].map(([id, cls, nameZh, nameEn, controls]) => ({ id, cls, nameZh, nameEn, line: smooth(controls, 160) }));

/** Streets and blocks of the towns, cut like the city's; the outline is the edge of the built-up ground. */
const gridRing = (id) => gridRings.find((g) => g.id === id).ring;
export const towns = [
  ['yancuo', gridRing('grid-42')], ['shima', shimaTown], ['jiaomei', gridRing('grid-45')], ['wuan', gridRing('grid-46')],
  ['guokeng', gridRing('grid-47')], ['tianbao', gridRing('grid-48')],
].map(([id, outline], i) => {
  const middle = centroid(outline);
  const ring = outline.map((p) => [middle[0] + (p[0] - middle[0]) * 0.82, middle[1] + (p[1] - middle[1]) * 0.82]);
  const streets = [], blocks = [];
  divide(area(ring) > 0 ? ring : [...ring].reverse(), {
    leaf: 62000, parks: [], ends: new Ends(), next: seeded(80 + i),
    street: (a, b) => streets.push([a, b]), block: (leaf) => blocks.push(leaf),
  });
  return { id: `town-${id}`, ring, streets, blocks };
});

/** Borders run along rivers and roads where the real ones roughly do. */
const centreOf = (from, to) => xixi.centre.filter((p) => p[0] >= from[0] && p[0] <= to[0]).filter((p, i) => i % 6 === 0 || p === to);
const onXixi = (x) => xixi.centre.find((p) => p[0] >= x);
const danxiaFoot = onXixi(3020), yuanguangFoot = onXixi(1800), mouth = onXixi(14350);
const northEnd = [3400, 10400];
const xcLw = smooth([northEnd, [3250, 7000], [2980, 4200], [2950, 2600], [2930, 1000], [2950, -500], danxiaFoot], 250);
const lwCt = smooth([northEnd, [6000, 8500], [8200, 7300], [9550, 6900]], 300);
const beixiSouth = beixi.centre.filter((p) => p[1] <= 6850).filter((_, i) => i % 6 === 0);
const south = smooth([yuanguangFoot, [1870, -2300], [1900, -3600], [1500, -5600], [-200, -7300], [-2600, -8600]], 250);
const ctLh = smooth([[9550, 6900], [13300, 6200], [17500, 6600], [20500, 9300]], 300);
const outerWest = smooth([[-2600, -8600], [-7000, -6800], [-11000, -3200], [-15500, 500], [-16200, 4600], [-15000, 8800], [-9000, 10600], [-2500, 9800], northEnd], 400);
const outerNorth = smooth([northEnd, [4500, 15000], [8500, 17800], [14500, 17300], [19000, 14000], [20500, 9300]], 400);
const outerEast = smooth([[20500, 9300], [25500, 8300], [29200, 3500], [29500, -4500], [28000, -11000], [20000, -12300], [10000, -11300], [2000, -10500], [-2600, -8600]], 400);
const reversed = (line) => [...line].reverse();

/** The edge of the drawn country; rivers, roads and railways end at it. */
export const edge = [...reversed(outerEast), ...reversed(outerNorth).slice(1), ...reversed(outerWest).slice(1, -1)];

/** The longest stretch of a line inside the edge. */
export function withinEdge(line) {
  const first = line.findIndex((p) => inside(edge, p));
  const last = line.findLastIndex((p) => inside(edge, p));
  const cut = (from, to) => edge.map((q, k) => crossing(from, to, q, edge[(k + 1) % edge.length])).find(Boolean)[0];
  return [
    ...(first > 0 ? [cut(line[first - 1], line[first])] : []),
    ...line.slice(first, last + 1),
    ...(last < line.length - 1 ? [cut(line[last], line[last + 1])] : []),
  ];
}

export const districts = [
  { id: 'district-xiangcheng', level: 'District', nameZh: '芗城区', nameEn: 'Xiangcheng District', label: [-4900, 3900],
    ring: [...xcLw, ...reversed(centreOf(yuanguangFoot, danxiaFoot)).slice(1, -1), ...south, ...outerWest.slice(1, -1)] },
  { id: 'district-longwen', level: 'District', nameZh: '龙文区', nameEn: 'Longwen District', label: [6450, 5300],
    ring: [...xcLw, ...centreOf(danxiaFoot, mouth).slice(1), ...reversed(beixiSouth), ...reversed(lwCt).slice(1, -1)] },
  { id: 'district-changtai', level: 'District', nameZh: '长泰区', nameEn: 'Changtai District', label: [13200, 9000],
    ring: [...lwCt, ...ctLh.slice(1), ...reversed(outerNorth).slice(1, -1)] },
  { id: 'district-longhai', level: 'District', nameZh: '龙海区', nameEn: 'Longhai District', label: [17200, -3900],
    ring: [...reversed(south), ...centreOf(yuanguangFoot, danxiaFoot).slice(1, -1), ...centreOf(danxiaFoot, mouth), ...reversed(beixiSouth), ...ctLh.slice(1), ...outerEast.slice(1, -1)] },
];

/** Subdistricts and towns of the core, from the faces of the arterials: [id, 中文, English, [west, east, north, south] …] */
const sub = (id, nameZh, nameEn, west, east, north, southRow) => ({ id, level: 'Subdistrict', nameZh, nameEn, ring: face(west, east, north, southRow), label: null });
export const subdistricts = [
  sub('sub-shiting', '石亭街道', 'Shiting', c.xihuan, c.daxue, r.ring, r.jianyuan), sub('sub-zhishan', '芝山街道', 'Zhishan', c.xihuan, c.daxue, r.jianyuan, r.jiangbin),
  sub('sub-xiqiao', '西桥街道', 'Xiqiao', c.daxue, c.zhongfa, r.jianyuan, r.jiangbin), sub('sub-putou', '浦头街道', 'Putou', c.daxue, c.zhongfa, r.ring, r.jianyuan),
  sub('sub-tongbei', '通北街道', 'Tongbei', c.zhongfa, c.yuanguang, r.ring, r.shengli), sub('sub-dongputou', '东铺头街道', 'Dongputou', c.zhongfa, c.xinhua, r.shengli, r.jiangbin),
  sub('sub-xiangkou', '巷口街道', 'Xiangkou', c.xinhua, c.danxia, r.shengli, r.nanchang), sub('sub-xinqiao', '新桥街道', 'Xinqiao', c.xinhua, c.yuanguang, r.nanchang, r.jiangbin),
  sub('sub-nankeng', '南坑街道', 'Nankeng', c.yuanguang, c.danxia, r.nanchang, r.jiangbin), sub('sub-xiyuan', '西院街道', 'Xiyuan', c.yuanguang, c.danxia, r.ring, r.shengli),
  sub('sub-houxiang', '后巷街道', 'Houxiang', c.danxia, c.jiulongAvenue, r.ring, r.jianyuan), sub('sub-shuixian', '水仙街道', 'Shuixian', c.danxia, c.jiulongAvenue, r.jianyuan, r.jiangbin),
  sub('sub-buwen', '步文街道', 'Buwen', c.jiulongAvenue, c.longjiang, r.ring, r.nanchang), sub('sub-bihu', '碧湖街道', 'Bihu', c.jiulongAvenue, c.longjiang, r.nanchang, r.jiangbin),
  sub('sub-lantian', '蓝田街道', 'Lantian', c.longjiang, c.zhangfu, r.ring, r.nanchang), sub('sub-chaoyang', '朝阳街道', 'Chaoyang', c.longjiang, c.zhangfu, r.nanchang, r.jiangbin),
];

/** Labels beside those of parks, water, roads: [id, kind, rank, 中文, English, place] */
export const places = [
  ['place-zhangzhou', 'City', 1, '漳州市', 'Zhangzhou', [1050, 900]],
  ['place-old-city', 'Quarter', 2, '漳州古城', 'Old City', [-60, -180]],
  ['place-riverside', 'Quarter', 3, '江滨', 'Riverside', [900, -1110]],
  ['place-tianbao', 'Town', 3, '天宝', 'Tianbao', [-9700, 4300]], ['place-guokeng', 'Town', 3, '郭坑', 'Guokeng', [9900, 3900]],
  ['place-shima', 'Town', 2, '石码', 'Shima', [16250, -8100]], ['place-jiaomei', 'Town', 2, '角美', 'Jiaomei', [22200, 1500]],
  ['place-wuan', 'Town', 2, '武安', "Wu'an", [11400, 12300]], ['place-yancuo', 'Town', 3, '颜厝', 'Yancuo', [5900, -6400]],
  ['place-punan', 'Town', 4, '浦南', 'Punan', [7000, 7100]], ['place-jiuhu', 'Town', 4, '九湖', 'Jiuhu', [-3000, -6300]],
  ['place-station', 'Station', 3, '漳州站', 'Zhangzhou Station', [6000, -5560]], ['place-station-east', 'Station', 4, '漳州东站', 'Zhangzhou East', [6300, 2930]],
  ['place-station-guokeng', 'Station', 4, '郭坑站', 'Guokeng Station', [10350, 4720]],
  ['place-weizhen', 'Landmark', 5, '威镇阁', 'Weizhen Pavilion', northBank(1150, 24)],
  ['place-archways', 'Landmark', 5, '石牌坊', 'Stone Archways', [-140, -330]], ['place-shuangmending', 'Landmark', 6, '双门顶', 'Shuangmending', [-150, -112]],
  ['place-xiyangping', 'Village', 5, '西洋坪', 'Xiyangping', [-4700, -560]], ['place-wuqiao', 'Village', 5, '吴桥', 'Wuqiao', [3300, -1650]],
  ['place-xiazhou', 'Village', 5, '下洲', 'Xiazhou', [3900, -3000]], ['place-tangbian', 'Village', 5, '塘边', 'Tangbian', [6500, -3000]],
  ['place-qianfeng', 'Village', 5, '前锋', 'Qianfeng', [-2100, -2000]], ['place-shipu', 'Village', 5, '诗浦', 'Shipu', [1100, -820]],
  ['place-putou', 'Village', 5, '浦头', 'Putou', [1400, 2150]], ['place-wupu', 'Village', 5, '梧浦', 'Wupu', [6900, 1100]],
].map(([id, kind, rank, nameZh, nameEn, at]) => ({ id, kind, rank, nameZh, nameEn, at }));
