// Geo-zones: where a drone must stay, must not go, must not record, or takes care.

import { band, circle, smooth } from './geometry.mjs';
import { northBank, xixi } from './city.mjs';
import { feature, polygon } from './output.mjs';

const REGULATION_19 = ['《无人驾驶航空器飞行管理暂行条例》第十九条', 'Interim Regulation on the Flight of Unmanned Aircraft, Article 19'];
const PRIVACY = ['《中华人民共和国个人信息保护法》第二十六条', 'Personal Information Protection Law, Article 26'];
const UNIT_RULE = ['本单位飞行管理规定（示例）', "The unit's own flight rules (sample)"];

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
const schoolHours = { days: WEEKDAYS, from: '07:20', to: '17:40', timeZone: 'Asia/Shanghai' };
const evenings = { days: [...WEEKDAYS, 'Saturday', 'Sunday'], from: '18:00', to: '23:00', timeZone: 'Asia/Shanghai' };
const weekends = { days: ['Saturday', 'Sunday'], from: '08:00', to: '21:00', timeZone: 'Asia/Shanghai' };

const box = (x, y, width, height, turnDeg = 0) => {
  const t = (turnDeg * Math.PI) / 180;
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => {
    const a = (u * width) / 2, b = (v * height) / 2;
    return [x + a * Math.cos(t) - b * Math.sin(t), y + a * Math.sin(t) + b * Math.cos(t)];
  });
};

export const cityLimit = smooth([
  [-14200, 1500], [-13500, 6800], [-9000, 8200], [-2000, 7600], [5500, 9000], [7500, 14600], [14500, 14800], [16000, 8500], [18500, 5200],
  [25500, 4600], [26500, -1500], [24500, -9300], [15500, -10300], [9000, -8000], [3500, -7600], [-3000, -5800], [-8500, -4800],
], 700, true);

const bankOf = (from, to) => smooth(xixi.centre.filter((p) => p[0] >= from && p[0] <= to).filter((_, i) => i % 4 === 0), 120);

/** [id, effect, 中文, English, ring, floor, ceiling, [reason 中文, English], legal basis, window] */
const ZONES = [
  ['limit-city', 'KeepIn', '作业限区', 'Operating limit', cityLimit, 0, 120, ['批准的作业范围，真高 120 米以下', 'Approved operating volume, up to 120 m true height'], REGULATION_19],
  ['keepout-hospital-helipad', 'KeepOut', '市医院直升机停机坪', 'City Hospital helipad', circle([1250, 390], 140), 0, 120, ['医疗救援直升机起降', 'Take-off and landing of rescue helicopters'], UNIT_RULE],
  ['keepout-detention', 'KeepOut', '看守所', 'Detention centre', box(-5150, 2300, 340, 260, 8), 0, 120, ['监管场所及其周边上空', 'Airspace over a place of detention'], REGULATION_19],
  ['keepout-substation-north', 'KeepOut', '北郊 220 千伏变电站', 'North 220 kV substation', box(3720, 2930, 190, 140, 4), 0, 120, ['高压设备与电磁干扰', 'High-voltage plant and interference'], REGULATION_19],
  ['keepout-substation-west', 'KeepOut', '西郊 110 千伏变电站', 'West 110 kV substation', box(-5080, -420, 130, 100, -10), 0, 120, ['高压设备与电磁干扰', 'High-voltage plant and interference'], REGULATION_19],
  ['keepout-railway-station', 'KeepOut', '漳州站站场', 'Zhangzhou Station tracks', box(6000, -5640, 1150, 170, 9), 0, 120, ['铁路站场与接触网', 'Railway yard and overhead line'], REGULATION_19],
  ['keepout-fuel-depot', 'KeepOut', '油库', 'Fuel depot', circle([7050, 2450], 170), 0, 120, ['易燃易爆场所', 'Flammable and explosive goods'], REGULATION_19],
  ['keepout-controlled-site', 'KeepOut', '管制单位', 'Controlled site', box(-1500, 2950, 420, 330, -4), 0, 120, ['上级划设的管制空域', 'Airspace controlled by order'], REGULATION_19],
  ['keepout-water-intake', 'KeepOut', '水源取水口', 'Drinking-water intake', circle([-7050, 150], 150), 0, 120, ['饮用水水源保护区', 'Protected drinking-water source'], REGULATION_19],
  ['norecord-courtyards-west', 'NoRecord', '古城西片院落', 'Old city courtyards, west', box(-470, -420, 170, 200, 2), 0, 120, ['居民院落，飞越不录像', 'Residential courtyards: fly over, do not record'], PRIVACY],
  ['norecord-courtyards-east', 'NoRecord', '古城东片院落', 'Old city courtyards, east', box(400, -720, 200, 170, -3), 0, 120, ['居民院落，飞越不录像', 'Residential courtyards: fly over, do not record'], PRIVACY],
  ['norecord-hospital', 'NoRecord', '市医院病房区', 'City Hospital wards', box(1180, 370, 470, 330, -4), 0, 120, ['病房区', 'Hospital wards'], PRIVACY],
  ['norecord-school-primary', 'NoRecord', '实验小学', 'Experimental Primary School', box(-380, 60, 130, 110, 3), 0, 120, ['上课时段', 'School hours'], PRIVACY, schoolHours],
  ['norecord-school-middle', 'NoRecord', '第一中学', 'No. 1 Middle School', box(-1100, 420, 260, 180, 4), 0, 120, ['上课时段', 'School hours'], PRIVACY, schoolHours],
  ['norecord-school-longwen', 'NoRecord', '龙文中学', 'Longwen Middle School', box(5500, 330, 240, 180, -2), 0, 120, ['上课时段', 'School hours'], PRIVACY, schoolHours],
  ['caution-zhongshan-park', 'Caution', '中山公园', 'Zhongshan Park', box(130, 85, 160, 330, 2), 0, 80, ['周末人群密集，常有风筝', 'Crowds and kites at weekends'], UNIT_RULE, weekends],
  ['caution-night-market', 'Caution', '古城夜市', 'Old city night market', box(-90, -120, 460, 90, -1), 0, 60, ['夜间人群密集', 'Crowds in the evening'], UNIT_RULE, evenings],
  ['caution-power-line', 'Caution', '跨江高压线', 'Power line across the river', band([[5250, -650], [5330, -1100], northBank(5400, 0), [5480, -2300], [5600, -3300]], 90), 0, 70, ['导线最高点真高约 45 米', 'Conductors up to about 45 m true height'], UNIT_RULE],
  ['caution-birds', 'Caution', '吴桥洲鸟类栖息地', 'Wuqiao Bar bird roost', band(bankOf(3150, 4150), 150), 0, 60, ['晨昏鸟群活动', 'Flocks at dawn and dusk'], UNIT_RULE],
  ['caution-towers', 'Caution', '龙文高层建筑群', 'Longwen high-rise cluster', box(4830, 310, 420, 480, 0), 0, 120, ['高层建筑，最高约 100 米，卫星信号遮挡', 'Towers up to about 100 m; satellites are masked'], UNIT_RULE],
  ['caution-crane', 'Caution', '塔吊施工区', 'Construction cranes', circle([6900, -760], 190), 0, 110, ['塔吊作业', 'Tower cranes at work'], UNIT_RULE],
];

export const zones = ZONES.map(([id, effect, nameZh, nameEn, ring, floorM, ceilingM, reason, basis, window]) =>
  feature(id, {
    nameZh, nameEn, effect, floorM, ceilingM, heightDatum: 'Agl', reasonZh: reason[0], reasonEn: reason[1],
    legalBasisZh: basis[0], legalBasisEn: basis[1], ...(window ? { window } : {}),
  }, polygon(ring)));

export const zoneRings = ZONES.map((z) => ({ id: z[0], effect: z[1], ring: z[4] }));
