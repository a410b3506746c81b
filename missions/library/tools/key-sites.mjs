// The 76 key sites: kinds of places every city has, at plausible spots of the drawn city. No address of a person is among them.

import { bridgePoints, columns as c, northBank } from './city.mjs';
import { parkAt } from './network.mjs';
import { feature, point } from './output.mjs';

/** Per kind: stand-off, orbit radius and orbit height above home, metres. */
const KINDS = {
  Government: [40, 90, 70], Court: [40, 80, 70], School: [40, 85, 70], University: [50, 130, 80], Hospital: [60, 110, 80],
  Square: [30, 70, 60], Park: [30, 90, 60], Lake: [20, 120, 60], Heritage: [40, 65, 60], Temple: [40, 60, 60], Museum: [40, 80, 65],
  Library: [40, 75, 65], Stadium: [40, 120, 75], Market: [30, 70, 60], ShoppingCentre: [50, 95, 80], Hotel: [50, 85, 90],
  Bridge: [40, 100, 60], RailwayStation: [90, 150, 80], BusStation: [50, 95, 70], Wharf: [30, 70, 50], Substation: [90, 170, 90],
  WaterWorks: [60, 120, 75], FuelDepot: [180, 230, 90], GasStation: [50, 90, 70], Broadcasting: [80, 130, 90], Telecom: [60, 100, 80],
  Industry: [60, 150, 80], Logistics: [50, 140, 75], Flood: [30, 80, 55], Detention: [180, 270, 90],
};

const bridge = (column) => bridgePoints(column).middle;

/** [id, kind, 中文, English, place, priority 1 (highest) to 3, id of the keep-out zone it lies in] */
const SITES = [
  ['site-zhongshan-park', 'Park', '中山公园', 'Zhongshan Park', parkAt('park-zhongshan'), 1],
  ['site-confucian-temple', 'Heritage', '漳州文庙', 'Zhangzhou Confucian Temple', parkAt('park-confucian-temple'), 1],
  ['site-archways', 'Heritage', '石牌坊', 'Stone Archways', [-140, -330], 1],
  ['site-old-city-gate', 'Square', '古城南广场', 'Old City South Square', [10, -640], 1],
  ['site-hongkong-road', 'Market', '香港路步行街', 'Hong Kong Road Pedestrian Street', [-145, -480], 2],
  ['site-taiwan-road', 'Market', '台湾路老街', 'Taiwan Road Old Street', [-250, -115], 2],
  ['site-minnan-theatre', 'Museum', '闽南戏台', 'Minnan Opera Stage', [250, -330], 3],
  ['site-puppet-museum', 'Museum', '布袋木偶馆', 'Glove Puppet Museum', [-330, -640], 3],
  ['site-experimental-primary', 'School', '实验小学', 'Experimental Primary School', [-380, 60], 1],
  ['site-weizhen-pavilion', 'Heritage', '威镇阁', 'Weizhen Pavilion', northBank(1150, 24), 2],
  ['site-riverside-stage', 'Square', '江滨大舞台', 'Riverside Stage', northBank(-350, 60), 2],
  ['site-nanmen-wharf', 'Wharf', '南门码头', 'South Gate Wharf', northBank(280, 22), 2],
  ['site-zhongshan-bridge', 'Bridge', '中山桥', 'Zhongshan Bridge', bridge(c.zhongshan), 1],
  ['site-xiyangping-bridge', 'Bridge', '西洋坪大桥', 'Xiyangping Bridge', bridge(c.xiyang), 1],
  ['site-zhanbei-bridge', 'Bridge', '战备大桥', 'Zhanbei Bridge', bridge(c.yuanguang), 1],
  ['site-zhangzhou-bridge', 'Bridge', '漳州大桥', 'Zhangzhou Bridge', bridge(c.jiulongAvenue), 1],
  ['site-longjiang-bridge', 'Bridge', '龙江大桥', 'Longjiang Bridge', bridge(c.zhangfu), 1],
  ['site-district-government-xc', 'Government', '芗城区政务服务中心', 'Xiangcheng Government Service Centre', [-1150, 1050], 1],
  ['site-city-hall', 'Government', '市政务服务中心', 'City Government Service Centre', [3450, 230], 1],
  ['site-district-government-lw', 'Government', '龙文区政务服务中心', 'Longwen Government Service Centre', [5300, 1080], 1],
  ['site-city-court', 'Court', '市人民法院', "City People's Court", [3980, 280], 2],
  ['site-city-hospital', 'Hospital', '市医院', 'City Hospital', [1000, 300], 1],
  ['site-tcm-hospital', 'Hospital', '中医院', 'Hospital of Traditional Chinese Medicine', [-250, 960], 1],
  ['site-second-hospital', 'Hospital', '第二医院', 'No. 2 Hospital', [5520, -640], 1],
  ['site-women-children', 'Hospital', '妇幼保健院', "Women and Children's Hospital", [2300, 300], 1],
  ['site-blood-centre', 'Hospital', '中心血站', 'Blood Centre', [2500, 1150], 3],
  ['site-no1-middle', 'School', '第一中学', 'No. 1 Middle School', [-1100, 420], 1],
  ['site-no3-middle', 'School', '第三中学', 'No. 3 Middle School', [1200, -330], 1],
  ['site-no5-middle', 'School', '第五中学', 'No. 5 Middle School', [1050, 1250], 2],
  ['site-longwen-middle', 'School', '龙文中学', 'Longwen Middle School', [5500, 330], 1],
  ['site-bihu-primary', 'School', '碧湖小学', 'Bihu Primary School', [5750, -1100], 2],
  ['site-tongbei-primary', 'School', '通北小学', 'Tongbei Primary School', [250, 1900], 2],
  ['site-jiangbin-school', 'School', '江滨学校', 'Jiangbin School', [3500, -1500], 2],
  ['site-normal-university', 'University', '师范大学', 'Normal University', [-2980, 350], 1],
  ['site-vocational-college', 'University', '职业技术学院', 'Vocational College', [-3450, 1100], 2],
  ['site-health-college', 'University', '卫生职业学院', 'Health Vocational College', [6900, 1900], 2],
  ['site-library', 'Library', '市图书馆', 'City Library', [4980, -150], 2],
  ['site-museum', 'Museum', '市博物馆', 'City Museum', [5080, -1090], 1],
  ['site-stadium', 'Stadium', '市体育中心', 'City Sports Centre', parkAt('park-sports'), 1],
  ['site-womens-volleyball', 'Stadium', '排球训练基地', 'Volleyball Training Base', [2350, 830], 2],
  ['site-grand-theatre', 'Museum', '大剧院', 'Grand Theatre', [5880, -180], 2],
  ['site-bihu', 'Lake', '碧湖公园', 'Bihu Park', parkAt('park-bihu'), 1],
  ['site-nanhu', 'Lake', '南湖公园', 'Nanhu Park', parkAt('park-nanhu'), 1],
  ['site-xiyuan-lake', 'Lake', '西院湖公园', 'Xiyuan Lake Park', parkAt('park-xiyuan'), 2],
  ['site-jiushijiu-bends', 'Park', '九十九湾公园', 'Ninety-nine Bends Park', parkAt('park-jiushijiu'), 2],
  ['site-shengli-park', 'Park', '胜利公园', 'Shengli Park', parkAt('park-shengli'), 2],
  ['site-zhishan-park', 'Park', '芝山公园', 'Zhishan Park', parkAt('park-zhishan'), 2],
  ['site-market-east', 'Market', '东市场', 'East Market', [900, -230], 2],
  ['site-market-north', 'Market', '北桥市场', 'Beiqiao Market', [-330, 480], 2],
  ['site-market-putou', 'Market', '浦头市场', 'Putou Market', [1130, 2080], 3],
  ['site-market-buwen', 'Market', '步文市场', 'Buwen Market', [5150, 1700], 3],
  ['site-plaza-shengli', 'ShoppingCentre', '胜利路购物广场', 'Shengli Road Mall', [250, 560], 1],
  ['site-plaza-danxia', 'ShoppingCentre', '丹霞购物中心', 'Danxia Mall', [3180, -470], 1],
  ['site-plaza-longwen', 'ShoppingCentre', '龙文万象广场', 'Longwen Plaza', [4760, 380], 1],
  ['site-hotel-riverside', 'Hotel', '江滨宾馆', 'Riverside Hotel', northBank(2450, 260), 3],
  ['site-bus-central', 'BusStation', '中心客运站', 'Central Coach Station', [860, 830], 1],
  ['site-bus-west', 'BusStation', '客运西站', 'West Coach Station', [-4500, 620], 2],
  ['site-bus-east', 'BusStation', '客运东站', 'East Coach Station', [6950, 180], 2],
  ['site-railway-station', 'RailwayStation', '漳州站站前广场', 'Zhangzhou Station Forecourt', [5780, -5300], 1],
  ['site-railway-freight', 'RailwayStation', '漳州东货运站', 'Zhangzhou East Goods Station', [6750, 2980], 2],
  ['site-substation-north', 'Substation', '北郊变电站', 'North Substation', [3720, 2930], 1, 'keepout-substation-north'],
  ['site-substation-west', 'Substation', '西郊变电站', 'West Substation', [-5080, -420], 2, 'keepout-substation-west'],
  ['site-waterworks-1', 'WaterWorks', '第一水厂', 'No. 1 Water Works', [-2050, -350], 1],
  ['site-waterworks-2', 'WaterWorks', '第二水厂', 'No. 2 Water Works', [-5400, 450], 1],
  ['site-fuel-depot', 'FuelDepot', '油库', 'Fuel Depot', [7050, 2450], 1, 'keepout-fuel-depot'],
  ['site-gas-station', 'GasStation', '天然气门站', 'Natural Gas Station', [7150, 1350], 2],
  ['site-detention', 'Detention', '看守所', 'Detention Centre', [-5150, 2300], 1, 'keepout-detention'],
  ['site-broadcasting', 'Broadcasting', '广播电视中心', 'Broadcasting Centre', [3900, -680], 1],
  ['site-telecom', 'Telecom', '通信枢纽楼', 'Telecom Exchange', [830, 520], 2],
  ['site-industry-jinfeng', 'Industry', '金峰工业园', 'Jinfeng Industrial Park', [-4850, 1700], 3],
  ['site-industry-lantian', 'Industry', '蓝田工业园', 'Lantian Industrial Park', [7000, 700], 3],
  ['site-logistics', 'Logistics', '物流中心', 'Logistics Centre', [4000, 2050], 3],
  ['site-flood-gate', 'Flood', '九十九湾水闸', 'Ninety-nine Bends Sluice', northBank(5750, 60), 2],
  ['site-pump-station', 'Flood', '江滨排涝站', 'Jiangbin Pumping Station', northBank(-1600, 70), 2],
  ['site-shima-square', 'Square', '石码中心广场', 'Shima Central Square', [16100, -7950], 2],
  ['site-wuan-square', 'Square', '武安中心广场', "Wu'an Central Square", [11380, 12350], 2],
];

export const keySites = SITES.map(([id, kind, nameZh, nameEn, at, priority, insideKeepOut]) => {
  const [standOffM, orbitRadiusM, orbitHeightM] = KINDS[kind];
  return feature(id, { nameZh, nameEn, kind, priority, standOffM, orbitRadiusM, orbitHeightM, ...(insideKeepOut ? { insideKeepOut } : {}) }, point(at));
});

export const sitePlaces = SITES.map(([id, kind, nameZh, nameEn, at]) => ({ id, kind, nameZh, nameEn, at }));
