// The hand-drawn skeleton of the sample city: rivers and the arterial roads. Everything else is cut from or laid along it.
// Local metres east and north of ORIGIN (geometry.mjs); the old city lies on the origin, the West Stream along its south.

import { between, distance, meet, offset, random, smooth, weld } from './geometry.mjs';

export const SEED = 363_000;

/** A river between its banks: `north` is the left bank looking downstream when it flows east. */
function river(id, nameZh, nameEn, controls, widths, seed) {
  const centre = smooth(controls, 75);
  const next = random(seed);
  const waves = [next() * 6, next() * 6];
  const width = (i) => {
    const s = (i / (centre.length - 1)) * (widths.length - 1);
    const k = Math.min(widths.length - 2, Math.floor(s));
    const plain = widths[k] + (widths[k + 1] - widths[k]) * (s - k);
    const sway = Math.min(plain * 0.1, 38);
    return plain + sway * (0.6 * Math.sin(i / 5.2 + waves[0]) + 0.4 * Math.sin(i / 2.4 + waves[1]));
  };
  const north = offset(centre, (i) => width(i) / 2);
  const south = offset(centre, (i) => -width(i) / 2);
  return { id, nameZh, nameEn, centre, north, south, ring: [...south, ...[...north].reverse()] };
}

export const xixi = river('xixi', '九龙江西溪', 'Jiulong River West Stream', [
  [-19500, 5300], [-15500, 4600], [-13000, 4100], [-11000, 2700], [-9200, 2250], [-7600, 800], [-6300, -550], [-4900, -1180], [-3500, -930],
  [-2200, -800], [-1000, -1120], [200, -1190], [1400, -1360], [2500, -1930], [3700, -2140], [4900, -1720], [6000, -1500],
  [7200, -1880], [8400, -2700], [9800, -3150], [11500, -3000], [13000, -3500], [14500, -4600],
], [230, 240, 270, 290, 280, 320, 300, 310, 340, 360, 420, 470, 560], 11);

export const beixi = river('beixi', '九龙江北溪', 'Jiulong River North Stream', [
  [7900, 19500], [8600, 16500], [9300, 13700], [8900, 11200], [10000, 8700], [9500, 6700], [10900, 5500], [12400, 4200], [12000, 2200],
  [12900, 300], [13900, -1500], [14300, -3100], [14500, -4600],
], [260, 280, 300, 320, 360, 420, 520], 12);

export const jiulong = river('jiulong', '九龙江', 'Jiulong River', [
  [13950, -4050], [14500, -4600], [15400, -5450], [16700, -6250], [19000, -6850], [22000, -7000], [25000, -7500], [28500, -8000], [33500, -8600],
], [560, 760, 900, 1050, 1250, 1600, 2100, 2900], 13);

export const RIVERS = [xixi, beixi, jiulong];

/** The three as one water, from bank to bank: drawn apart, their outlines would cross at the confluence. */
export function waters(cut) {
  const bank = (line) => cut(line);
  const until = (line, [p, i]) => [...line.slice(0, i + 1), p];
  const from = (line, p, i) => [p, ...line.slice(i + 1)];
  const [xn, xs, bn, bs, jn, js] = [xixi.north, xixi.south, beixi.north, beixi.south, jiulong.north, jiulong.south].map(bank);
  const west = meet(xn, bs), east = meet(bn, jn), south = meet(xs, js);
  return [
    ...until(xs, south), ...from(js, south[0], south[2]).slice(1), ...from(jn, east[0], east[2]).reverse().slice(0, -1),
    ...until(bn, east).reverse(), ...until(bs, [west[0], west[2]]), ...until(xn, west).slice(0, -1).reverse(),
  ];
}

/** Islands and bars in the West Stream: [id, 中文, English, x, y, half length, half width, turn in degrees]. */
export const ISLANDS = [
  ['bar-xiyang', '西洋洲', 'Xiyang Bar', -5250, -1010, 300, 48, -24],
  ['bar-zhongshan', '中山桥洲', 'Zhongshan Bridge Bar', 700, -1245, 230, 38, -7],
  ['bar-wuqiao', '吴桥洲', 'Wuqiao Bar', 3650, -2165, 330, 60, 2],
  ['bar-longjiang', '龙江洲', 'Longjiang Bar', 6700, -1690, 330, 52, -20],
  ['isle-wushan', '乌山洲', 'Wushan Isle', 10600, -3080, 520, 92, 4],
  ['isle-xuxing', '许茂洲', 'Xumao Isle', 19800, -6930, 1500, 270, -4],
];

/**
 * An arterial: `names` gives the name by the coordinate where it begins ([from, 中文, English]); along x for rows, along y (southwards) for columns.
 */
const road = (id, cls, controls, names, step = 130) => ({ id, cls, line: smooth(controls, step), names });

/** North bank road: it follows the bank, so that the riverside corridor and the grids do too. */
const bankRoad = (bank, by, from, to) => {
  const line = offset(bank, by).filter((p) => p[0] >= from && p[0] <= to);
  return smooth(line.filter((_, i) => i % 3 === 0 || i === line.length - 1), 110);
};

export const rows = {
  ring: road('ring-north', 'trunk', [[-6300, 2380], [-5350, 3080], [-4000, 3510], [-1500, 3680], [1500, 3500], [4000, 3640], [6400, 3330], [7400, 2920], [8600, 2130]], [[-9999, '北环城路', 'North Ring Road']]),
  tengfei: road('tengfei', 'primary', [[-6300, 1880], [-3500, 2280], [-800, 2430], [2000, 2290], [5000, 2440], [8600, 1880]], [[-9999, '腾飞路', 'Tengfei Road']]),
  jianyuan: road('jianyuan', 'primary', [[-6300, 1120], [-3000, 1440], [0, 1500], [3000, 1400], [6000, 1490], [8600, 1050]], [[-9999, '漳华路', 'Zhanghua Road'], [2900, '建元路', 'Jianyuan Road']]),
  shengli: road('shengli', 'primary', [[-6300, 420], [-3000, 690], [0, 680], [3000, 600], [6000, 700], [8600, 250]], [[-9999, '胜利西路', 'Shengli West Road'], [-40, '胜利东路', 'Shengli East Road'], [2940, '迎宾大道', 'Yingbin Avenue']]),
  nanchang: road('nanchang', 'primary', [[-6300, -90], [-4500, -60], [-3000, 30], [-600, 285], [560, 250], [1700, -40], [3000, -190], [4500, -340], [6000, -300], [8600, -720]], [[-9999, '芝山路', 'Zhishan Road'], [-583, '新华西路', 'Xinhua West Road'], [553, '南昌路', 'Nanchang Road'], [2950, '水仙大街', 'Shuixian Street']]),
  taiwan: road('taiwan', 'residential', [[-680, -95], [-330, -120], [0, -110], [300, -128], [620, -100]], [[-9999, '台湾路', 'Taiwan Road']]),
  hubin: road('hubin', 'secondary', [[500, -460], [1700, -690], [3000, -1020], [4500, -980], [6000, -840], [8600, -1550]], [[-9999, '新城路', 'Xincheng Road'], [4480, '湖滨路', 'Hubin Road']]),
  jiangbin: { id: 'jiangbin', cls: 'primary', line: bankRoad(xixi.north, 48, -6400, 8700), names: [[-9999, '江滨西路', 'Jiangbin West Road'], [569, '江滨路', 'Jiangbin Road'], [4500, '江滨东路', 'Jiangbin East Road']] },
  nanbin: { id: 'nanbin', cls: 'secondary', line: bankRoad(xixi.south, -52, -4700, 8700), names: [[-9999, '南江滨路', 'South Jiangbin Road']] },
  southRing: road('ring-south', 'trunk', [[-5200, -3000], [-3000, -2850], [0, -3150], [3000, -3750], [5500, -3650], [8900, -4700]], [[-9999, '圆山大道', 'Yuanshan Avenue'], [1800, '南环城路', 'South Ring Road']]),
};

export const columns = {
  xihuan: road('xihuan', 'trunk', [[-6050, 3250], [-6000, 1800], [-5950, 800], [-5850, -900]], [[9999, '西环城路', 'West Ring Road']]),
  xiyang: road('xiyang', 'primary', [[-4300, 3700], [-4250, 1500], [-4150, 0], [-4020, -700], [-3960, -1700], [-3600, -3200]], [[9999, '金峰路', 'Jinfeng Road'], [-790, '西洋坪路', 'Xiyangping Road']]),
  daxue: road('daxue', 'primary', [[-2650, 3800], [-2600, 1500], [-2520, 0], [-2500, -760]], [[9999, '大学路', 'University Road']]),
  zhongfa: road('zhongfa', 'primary', [[-720, 3900], [-680, 1500], [-585, 300], [-600, -560], [-640, -1100]], [[9999, '钟法北路', 'Zhongfa North Road'], [680, '钟法路', 'Zhongfa Road']]),
  xinhua: road('xinhua', 'primary', [[520, 3850], [560, 1500], [550, 300], [560, -500], [570, -1150]], [[9999, '新华北路', 'Xinhua North Road'], [650, '新华南路', 'Xinhua South Road']]),
  yuanguang: road('yuanguang', 'primary', [[1760, 3800], [1720, 1500], [1700, 0], [1760, -1000], [1820, -2000], [1900, -3800]], [[9999, '元光北路', 'Yuanguang North Road'], [600, '元光南路', 'Yuanguang South Road'], [-1400, '战备路', 'Zhanbei Road']]),
  danxia: road('danxia', 'primary', [[2960, 3800], [2930, 1000], [2950, -500], [3020, -2000]], [[9999, '丹霞路', 'Danxia Road']]),
  jiulongAvenue: road('jiulong-avenue', 'primary', [[4520, 3900], [4460, 1500], [4480, 0], [4580, -1200], [4640, -2300], [4900, -3900], [5300, -5450]], [[9999, '九龙大道', 'Jiulong Avenue']]),
  longjiang: road('longjiang', 'primary', [[6110, 3700], [6050, 1000], [6080, -400], [6150, -1450]], [[9999, '龙江路', 'Longjiang Road']]),
  zhangfu: road('zhangfu', 'trunk', [[7900, 3300], [7800, 1000], [7760, -500], [7830, -1700], [7950, -2900], [8250, -4800]], [[9999, '漳福路', 'Zhangfu Road']]),
  zhongshan: road('zhongshan', 'secondary', [[45, 320], [35, -110], [18, -570], [18, -1080], [-10, -1500], [-40, -2300], [-20, -3400]], [[9999, '北京路', 'Beijing Road'], [-570, '厦门路', 'Xiamen Road'], [-1300, '南门路', 'Nanmen Road']]),
};

/** Streets that run through between the arterials; with them the faces are a few city blocks wide. */
const column = (id, cls, controls, nameZh, nameEn) => road(id, cls, controls, [[9999, nameZh, nameEn]]);
const row = (id, cls, controls, nameZh, nameEn) => road(id, cls, controls, [[-9999, nameZh, nameEn]]);

export const streets = {
  jintang: column('jintang', 'secondary', [[-5180, 3500], [-5130, 1500], [-5080, 300], [-4980, -1020]], '金塘路', 'Jintang Road'),
  ruizhu: column('ruizhu', 'secondary', [[-3480, 3800], [-3440, 1500], [-3330, 0], [-3260, -860]], '瑞竹路', 'Ruizhu Road'),
  xiangfu: column('xiangfu', 'secondary', [[-2010, 3800], [-1960, 1500], [-1890, 200], [-1840, -760]], '香福路', 'Xiangfu Road'),
  datongNorth: column('datong-north', 'secondary', [[-1360, 3850], [-1310, 1500], [-1240, 300], [-1210, -980]], '大通路', 'Datong Road'),
  yananNorth: column('yanan-north', 'secondary', [[-100, 3800], [-40, 1500], [60, 680], [150, 200]], '延安北路', "Yan'an North Road"),
  cangyuan: column('cangyuan', 'secondary', [[1120, 3700], [1140, 1500], [1120, 0], [1150, -1260]], '苍园路', 'Cangyuan Road'),
  xinpu: column('xinpu', 'secondary', [[2350, 3800], [2320, 1500], [2330, 0], [2390, -1850]], '新浦路', 'Xinpu Road'),
  ruijing: column('ruijing', 'secondary', [[3720, 3800], [3690, 1500], [3700, -300], [3760, -2010]], '瑞京路', 'Ruijing Road'),
  longwen: column('longwen', 'secondary', [[5340, 3800], [5280, 1500], [5260, 0], [5330, -1560]], '龙文路', 'Longwen Road'),
  wupu: column('wupu', 'secondary', [[7010, 3400], [6930, 1200], [6910, -400], [7000, -1780]], '梧浦路', 'Wupu Road'),
  beicang: row('beicang', 'secondary', [[-6200, 2110], [-4800, 2600], [-3500, 2900], [-1000, 3060], [2000, 2900], [5000, 3040], [6700, 2780], [8200, 2190]], '北仓路', 'Beicang Road'),
  ruiquan: row('ruiquan', 'secondary', [[-6200, 1500], [-3000, 1860], [0, 1960], [3000, 1850], [6000, 1960], [8200, 1480]], '瑞泉路', 'Ruiquan Road'),
  qianfeng: column('qianfeng', 'secondary', [[-2110, -860], [-2050, -1900], [-1980, -3100]], '前锋路', 'Qianfeng Road'),
  yuanNan: column('yuan-nan', 'secondary', [[905, -1330], [870, -2400], [930, -3450]], '圆南路', 'Yuannan Road'),
  xiazhou: column('xiazhou', 'secondary', [[3300, -2150], [3370, -3000], [3450, -3920]], '下洲路', 'Xiazhou Road'),
  tangbian: column('tangbian', 'secondary', [[6370, -1700], [6480, -2800], [6600, -4000]], '塘边路', 'Tangbian Road'),
};

/** The streets of the old city. */
export const oldTown = {
  fanghua: column('fanghua', 'residential', [[-425, 320], [-415, -100], [-400, -560], [-420, -1080]], '芳华路', 'Fanghua Road'),
  hongkong: column('hongkong', 'residential', [[-165, 320], [-150, -110], [-140, -560], [-150, -1080]], '香港路', 'Hong Kong Road'),
  yananSouth: column('yanan-south', 'residential', [[150, 320], [205, -110], [215, -560], [195, -1100]], '延安南路', "Yan'an South Road"),
  qingnian: column('qingnian', 'residential', [[385, 320], [400, -110], [405, -560], [390, -1120]], '青年路', 'Qingnian Road'),
  xiuwen: row('xiuwen', 'residential', [[-690, -270], [-330, -300], [0, -285], [300, -305], [630, -290]], '修文路', 'Xiuwen Road'),
  boai: row('boai', 'residential', [[-700, -590], [-330, -570], [0, -582], [300, -565], [640, -600]], '博爱道', "Bo'ai Road"),
  datongWest: row('datong-west', 'residential', [[-670, 95], [-300, 78], [90, 88]], '大同路', 'Datong Street'),
  gongyuan: row('gongyuan', 'residential', [[140, 82], [380, 88], [620, 76]], '公园路', 'Gongyuan Road'),
};

/** The moat through the old city: blocks and lanes end on it as they do on a street. */
export const moat = road('songhe', 'canal', [[-1500, -260], [-1180, -330], [-860, -420], [-620, -455], [-380, -430], [-120, -445], [120, -425], [330, -450], [580, -430], [760, -520], [840, -760], [830, -1130]], [[-9999, '宋河', 'Song Moat']], 40);

weld([...[rows, columns, streets, oldTown].flatMap(Object.values), moat].map((r) => r.line));

/** The crossing of two roads, a vertex of both. */
export function node(a, b) {
  const hit = meet(a.line, b.line);
  if (!hit) throw new Error(`${a.id} and ${b.id} do not meet`);
  return a.line.find((p) => distance(p, hit[0]) < 0.01) ?? hit[0];
}

/** The ring between two columns and two rows, counter-clockwise, along the roads themselves. */
export function face(west, east, north, south) {
  const sw = node(west, south), se = node(east, south), ne = node(east, north), nw = node(west, north);
  return [
    ...between(south.line, sw, se).slice(0, -1),
    ...between(east.line, se, ne).slice(0, -1),
    ...between(north.line, ne, nw).slice(0, -1),
    ...between(west.line, nw, sw).slice(0, -1),
  ];
}

/** A point `inland` metres north of the West Stream's north bank, at the given easting. */
export function northBank(x, inland) {
  const bank = xixi.north;
  const i = bank.findIndex((p) => p[0] >= x);
  return [x, bank[i][1] + inland];
}

/** Where a column crosses the West Stream: [north bank, middle, south bank]. */
export function bridgePoints(column) {
  const [north, middle, south] = [xixi.north, xixi.centre, xixi.south].map((line) => meet(column.line, line)[0]);
  return { north, middle, south };
}
