// What the duty patrols: areas, the 48 grids, docks on roofs, joint-response points.

import { area, bend, blob, offset, random, smooth, split } from './geometry.mjs';
import { SEED, bridgePoints, columns as c, face, northBank, rows as r, xixi } from './city.mjs';
import { feature, lineString, point, polygon } from './output.mjs';

const km2 = (ring) => Math.round(Math.abs(area(ring.map(bend))) / 1e4) / 100;

export const oldCity = face(c.zhongfa, c.xinhua, r.nanchang, r.jiangbin);

/** A corridor along the north bank: its centre line runs between the water's edge and the bank road. */
const alongBank = (from, to) => offset(xixi.north, 24)
  .filter((p) => p[0] >= from && p[0] <= to)
  .filter((_, i, all) => i % 2 === 0 || i === all.length - 1);

const areaOf = (id, kind, nameZh, nameEn, tier, ring, heightAboveHomeM) =>
  feature(id, { nameZh, nameEn, kind, tier, heightAboveHomeM, areaKm2: km2(ring) }, polygon(ring));

const corridorOf = (id, kind, nameZh, nameEn, line) =>
  feature(id, { nameZh, nameEn, kind, tier: 'City', widthM: 160, heightAboveHomeM: 50 }, lineString(line));

export const areas = [
  areaOf('old-city', 'OldCity', '漳州古城', 'Zhangzhou Old City', 'City', oldCity, 60),
  corridorOf('riverside', 'Riverside', '江滨', 'Riverside', alongBank(-2500, 2950)),
  corridorOf('riverside-east', 'Corridor', '江滨东', 'Riverside East', alongBank(2900, 7600)),
  corridorOf('riverside-west', 'Corridor', '江滨西', 'Riverside West', alongBank(-5600, -2450)),
  areaOf('yanan-north', 'Area', '延安北商圈', "Yan'an North Shopping Quarter", 'City', face(c.zhongfa, c.xinhua, r.jianyuan, r.nanchang), 60),
  areaOf('bihu', 'Area', '碧湖片区', 'Bihu Lake Quarter', 'City', face(c.jiulongAvenue, c.longjiang, r.nanchang, r.hubin), 60),
  areaOf('nanhu', 'Area', '南湖片区', 'Nanhu Lake Quarter', 'City', face(c.yuanguang, c.danxia, r.hubin, r.jiangbin), 60),
  areaOf('xiyuan', 'Area', '西院湖片区', 'Xiyuan Lake Quarter', 'City', face(c.yuanguang, c.danxia, r.tengfei, r.jianyuan), 70),
  areaOf('university', 'Area', '大学片区', 'University Quarter', 'Community', face(c.xiyang, c.daxue, r.shengli, r.jiangbin), 70),
  areaOf('railway-station', 'Area', '漳州站周边', 'Around Zhangzhou Railway Station', 'City',
    smooth([[4550, -4700], [5500, -4850], [6500, -4950], [7050, -5150], [6500, -5330], [5500, -5230], [4700, -5080]], 150, true), 70),
];

/** Cuts one soft town outline into west and east halves that share their edge. */
function halves(ring) {
  const [left, right] = split(ring, [16250, -8100], [0.18, 1]);
  return { west: left, east: right };
}

const town = (x, y, rx, ry, turnDeg, seed) => blob([x, y], rx, ry, random(SEED + seed), { turnDeg, knots: 10, step: 170, roughness: 0.12 });
export const shimaTown = town(16250, -8100, 1900, 1050, -12, 1);
const shima = halves(shimaTown);

const XC = ['芗城区', 'Xiangcheng District'];
const LW = ['龙文区', 'Longwen District'];
const LH = ['龙海区', 'Longhai District'];
const CT = ['长泰区', 'Changtai District'];

/** [id, 中文, English, tier, call sign, district, ring] */
const GRIDS = [
  ['grid-01', '古城北', 'Old City North', 'City', 'XC-01', XC, face(c.zhongfa, c.xinhua, r.nanchang, r.taiwan)],
  ['grid-02', '古城南', 'Old City South', 'City', 'XC-02', XC, face(c.zhongfa, c.xinhua, r.taiwan, r.jiangbin)],
  ['grid-03', '延安北', "Yan'an North", 'City', 'XC-03', XC, face(c.zhongfa, c.xinhua, r.shengli, r.nanchang)],
  ['grid-04', '通北', 'Tongbei', 'City', 'XC-04', XC, face(c.zhongfa, c.xinhua, r.jianyuan, r.shengli)],
  ['grid-05', '通北北', 'Tongbei North', 'Community', 'XC-05', XC, face(c.zhongfa, c.xinhua, r.ring, r.jianyuan)],
  ['grid-06', '巷口', 'Xiangkou', 'City', 'XC-06', XC, face(c.xinhua, c.yuanguang, r.shengli, r.nanchang)],
  ['grid-07', '巷口北', 'Xiangkou North', 'City', 'XC-07', XC, face(c.xinhua, c.yuanguang, r.jianyuan, r.shengli)],
  ['grid-08', '浦头北', 'Putou North', 'Community', 'XC-08', XC, face(c.xinhua, c.yuanguang, r.ring, r.jianyuan)],
  ['grid-09', '东铺头', 'Dongputou', 'City', 'XC-09', XC, face(c.xinhua, c.yuanguang, r.nanchang, r.hubin)],
  ['grid-10', '新桥', 'Xinqiao', 'City', 'XC-10', XC, face(c.xinhua, c.yuanguang, r.hubin, r.jiangbin)],
  ['grid-11', '西桥', 'Xiqiao', 'City', 'XC-11', XC, face(c.daxue, c.zhongfa, r.nanchang, r.jiangbin)],
  ['grid-12', '大同', 'Datong', 'City', 'XC-12', XC, face(c.daxue, c.zhongfa, r.shengli, r.nanchang)],
  ['grid-13', '芝山东', 'Zhishan East', 'Community', 'XC-13', XC, face(c.daxue, c.zhongfa, r.jianyuan, r.shengli)],
  ['grid-14', '芝山北', 'Zhishan North', 'Community', 'XC-14', XC, face(c.daxue, c.zhongfa, r.ring, r.jianyuan)],
  ['grid-15', '大学', 'University', 'Community', 'XC-15', XC, face(c.xiyang, c.daxue, r.shengli, r.jiangbin)],
  ['grid-16', '芝山', 'Zhishan', 'Community', 'XC-16', XC, face(c.xiyang, c.daxue, r.jianyuan, r.shengli)],
  ['grid-17', '石亭南', 'Shiting South', 'Township', 'XC-17', XC, face(c.xiyang, c.daxue, r.ring, r.jianyuan)],
  ['grid-18', '西洋坪', 'Xiyangping', 'Township', 'XC-18', XC, face(c.xihuan, c.xiyang, r.shengli, r.jiangbin)],
  ['grid-19', '金峰南', 'Jinfeng South', 'Township', 'XC-19', XC, face(c.xihuan, c.xiyang, r.jianyuan, r.shengli)],
  ['grid-20', '金峰北', 'Jinfeng North', 'Township', 'XC-20', XC, face(c.xihuan, c.xiyang, r.ring, r.jianyuan)],
  ['grid-21', '南坑', 'Nankeng', 'City', 'XC-21', XC, face(c.yuanguang, c.danxia, r.nanchang, r.hubin)],
  ['grid-22', '南湖', 'Nanhu', 'City', 'XC-22', XC, face(c.yuanguang, c.danxia, r.hubin, r.jiangbin)],
  ['grid-23', '胜利东', 'Shengli East', 'City', 'XC-23', XC, face(c.yuanguang, c.danxia, r.shengli, r.nanchang)],
  ['grid-24', '元光北', 'Yuanguang North', 'Community', 'XC-24', XC, face(c.yuanguang, c.danxia, r.jianyuan, r.shengli)],
  ['grid-25', '西院湖', 'Xiyuan Lake', 'Community', 'XC-25', XC, face(c.yuanguang, c.danxia, r.ring, r.jianyuan)],
  ['grid-26', '丹霞', 'Danxia', 'City', 'LW-01', LW, face(c.danxia, c.jiulongAvenue, r.shengli, r.nanchang)],
  ['grid-27', '丹霞北', 'Danxia North', 'Community', 'LW-02', LW, face(c.danxia, c.jiulongAvenue, r.jianyuan, r.shengli)],
  ['grid-28', '后巷', 'Houxiang', 'Community', 'LW-03', LW, face(c.danxia, c.jiulongAvenue, r.ring, r.jianyuan)],
  ['grid-29', '水仙', 'Shuixian', 'City', 'LW-04', LW, face(c.danxia, c.jiulongAvenue, r.nanchang, r.hubin)],
  ['grid-30', '江滨东', 'Jiangbin East', 'City', 'LW-05', LW, face(c.danxia, c.jiulongAvenue, r.hubin, r.jiangbin)],
  ['grid-31', '碧湖', 'Bihu', 'City', 'LW-06', LW, face(c.jiulongAvenue, c.longjiang, r.nanchang, r.hubin)],
  ['grid-32', '碧湖南', 'Bihu South', 'City', 'LW-07', LW, face(c.jiulongAvenue, c.longjiang, r.hubin, r.jiangbin)],
  ['grid-33', '步文', 'Buwen', 'City', 'LW-08', LW, face(c.jiulongAvenue, c.longjiang, r.jianyuan, r.nanchang)],
  ['grid-34', '步文北', 'Buwen North', 'Community', 'LW-09', LW, face(c.jiulongAvenue, c.longjiang, r.ring, r.jianyuan)],
  ['grid-35', '蓝田', 'Lantian', 'Township', 'LW-10', LW, face(c.longjiang, c.zhangfu, r.jianyuan, r.nanchang)],
  ['grid-36', '景山', 'Jingshan', 'Township', 'LW-11', LW, face(c.longjiang, c.zhangfu, r.ring, r.jianyuan)],
  ['grid-37', '朝阳', 'Chaoyang', 'Township', 'LW-12', LW, face(c.longjiang, c.zhangfu, r.nanchang, r.jiangbin)],
  ['grid-38', '圆山', 'Yuanshan', 'Township', 'XC-26', XC, face(c.xiyang, c.zhongshan, r.nanbin, r.southRing)],
  ['grid-39', '中山桥南', 'Zhongshan Bridge South', 'Community', 'XC-27', XC, face(c.zhongshan, c.yuanguang, r.nanbin, r.southRing)],
  ['grid-40', '颜厝北', 'Yancuo North', 'Township', 'LH-01', LH, face(c.yuanguang, c.jiulongAvenue, r.nanbin, r.southRing)],
  ['grid-41', '颜厝东', 'Yancuo East', 'Township', 'LH-02', LH, face(c.jiulongAvenue, c.zhangfu, r.nanbin, r.southRing)],
  ['grid-42', '漳州站', 'Zhangzhou Station', 'Township', 'LH-03', LH, town(5900, -5950, 1500, 880, 10, 2)],
  ['grid-43', '石码西', 'Shima West', 'County', 'LH-04', LH, shima.west],
  ['grid-44', '石码东', 'Shima East', 'County', 'LH-05', LH, shima.east],
  ['grid-45', '角美', 'Jiaomei', 'Township', 'LH-06', LH, town(22200, 1500, 1500, 1000, 15, 3)],
  ['grid-46', '武安', "Wu'an", 'County', 'CT-01', CT, town(11400, 12300, 1350, 1050, 30, 4)],
  ['grid-47', '郭坑', 'Guokeng', 'Township', 'LW-13', LW, town(9900, 3900, 850, 620, -30, 5)],
  ['grid-48', '天宝', 'Tianbao', 'Township', 'XC-28', XC, town(-9700, 4300, 1200, 800, -20, 6)],
];

export const grids = GRIDS.map(([id, nameZh, nameEn, tier, unitCallSign, [districtZh, districtEn], ring]) =>
  feature(id, { nameZh, nameEn, tier, unitCallSign, districtZh, districtEn, areaKm2: km2(ring) }, polygon(ring)));

export const gridRings = GRIDS.map((g) => ({ id: g[0], ring: g[6] }));

const dock = (id, callSign, nameZh, nameEn, at, groundAmslM, roofHeightAglM, pads, demoSystemId) =>
  feature(id, {
    nameZh, nameEn, callSign, pads, groundAmslM, roofHeightAglM,
    padAmslM: Math.round((groundAmslM + roofHeightAglM) * 10) / 10, headingDeg: 0,
    ...(demoSystemId ? { demoSystemId } : {}),
  }, point(at));

/** The three docks with a demoSystemId are where `./dev up` puts its simulated drones. */
export const docks = [
  dock('dock-old-city', 'GC-1', '古城机场', 'Old City Dock', [410, 130], 9.6, 18.4, 2, 1),
  dock('dock-riverside', 'JB-1', '江滨机场', 'Riverside Dock', northBank(1450, 150), 8.2, 15.0, 2, 2),
  dock('dock-longwen', 'LW-1', '龙文机场', 'Longwen Dock', [4250, -640], 8.9, 32.5, 2, 3),
  dock('dock-zhishan', 'ZS-1', '芝山机场', 'Zhishan Dock', [-2300, 900], 13.1, 21.0, 1),
  dock('dock-xiyang', 'XY-1', '西洋坪机场', 'Xiyangping Dock', [-3780, -380], 10.4, 14.2, 1),
  dock('dock-station', 'ZZ-1', '漳州站机场', 'Zhangzhou Station Dock', [5080, -5060], 11.7, 24.0, 1),
];

const supportPoint = ([id, nameZh, nameEn, at, tier]) => feature(id, { nameZh, nameEn, tier }, point(at));

export const supportPoints = [
  ['support-01', '双门顶支点', 'Shuangmending Point', [-135, -112], 'City'],
  ['support-02', '中山公园支点', 'Zhongshan Park Point', [70, 215], 'City'],
  ['support-03', '中山桥北支点', 'Zhongshan Bridge North Point', northBank(-40, 70), 'City'],
  ['support-04', '战备大桥北支点', 'Zhanbei Bridge North Point', northBank(1700, 80), 'City'],
  ['support-05', '延安北支点', "Yan'an North Point", [60, 900], 'City'],
  ['support-06', '胜利东支点', 'Shengli East Point', [1740, 610], 'City'],
  ['support-07', '南坑支点', 'Nankeng Point', [2400, -360], 'Community'],
  ['support-08', '南湖支点', 'Nanhu Point', [2250, -1330], 'Community'],
  ['support-09', '西院湖支点', 'Xiyuan Lake Point', [2060, 1790], 'Community'],
  ['support-10', '水仙大街支点', 'Shuixian Street Point', [3600, -245], 'City'],
  ['support-11', '碧湖支点', 'Bihu Point', [4880, -430], 'City'],
  ['support-12', '步文支点', 'Buwen Point', [5200, 760], 'City'],
  ['support-13', '蓝田支点', 'Lantian Point', [6800, 640], 'Township'],
  ['support-14', '朝阳支点', 'Chaoyang Point', [7000, -980], 'Township'],
  ['support-15', '大学支点', 'University Point', [-3050, 120], 'Community'],
  ['support-16', '西洋坪桥北支点', 'Xiyangping Bridge North Point', northBank(-4150, 90), 'Township'],
  ['support-17', '金峰支点', 'Jinfeng Point', [-4900, 1350], 'Township'],
  ['support-18', '芝山支点', 'Zhishan Point', [-1650, 1480], 'Community'],
  ['support-19', '漳州大桥南支点', 'Zhangzhou Bridge South Point', [bridgePoints(c.jiulongAvenue).south[0] + 20, bridgePoints(c.jiulongAvenue).south[1] - 110], 'Township'],
  ['support-20', '漳州站广场支点', 'Zhangzhou Station Square Point', [5560, -5290], 'City'],
  ['support-21', '石码支点', 'Shima Point', [16000, -8000], 'County'],
  ['support-22', '武安支点', "Wu'an Point", [11350, 12250], 'County'],
  ['support-23', '角美支点', 'Jiaomei Point', [22100, 1450], 'Township'],
  ['support-24', '天宝支点', 'Tianbao Point', [-9650, 4250], 'Township'],
].map(supportPoint);
