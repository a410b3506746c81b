// Ready-made routes: input for the planner, not waypoints; the planner works them out against the zones in force.

export const routes = [
  {
    id: 'old-city-lawnmower', nameZh: '古城往返扫描 60 米', nameEn: 'Old city lawnmower 60 m',
    kind: 'area', ref: 'old-city', heightAboveHomeM: 60, speedMps: 10, homeDock: 'dock-old-city',
    area: { lineSpacingM: 120, turnaroundM: 0 },
  },
  {
    id: 'riverside-out-and-back', nameZh: '江滨往返 50 米', nameEn: 'Riverside out and back 50 m',
    kind: 'corridor', ref: 'riverside', heightAboveHomeM: 50, speedMps: 10, homeDock: 'dock-riverside',
    corridor: { passes: 2, passSpacingM: 70, returnToStart: true },
  },
  {
    id: 'key-site-tour', nameZh: '古城重要目标巡查', nameEn: 'Old city key-site tour',
    kind: 'sites', heightAboveHomeM: 70, speedMps: 9, homeDock: 'dock-old-city',
    ref: ['site-zhongshan-park', 'site-confucian-temple', 'site-archways', 'site-old-city-gate', 'site-zhongshan-bridge', 'site-nanmen-wharf', 'site-weizhen-pavilion', 'site-no3-middle', 'site-plaza-shengli'],
    sites: { order: 'Shortest', turns: 1, useSiteRadius: true },
  },
  {
    id: 'bihu-lawnmower', nameZh: '碧湖片区往返扫描 60 米', nameEn: 'Bihu quarter lawnmower 60 m',
    kind: 'area', ref: 'bihu', heightAboveHomeM: 60, speedMps: 8, homeDock: 'dock-longwen',
    area: { lineSpacingM: 90, turnaroundM: 0 },
  },
  {
    id: 'nanhu-lawnmower', nameZh: '南湖片区往返扫描 60 米', nameEn: 'Nanhu quarter lawnmower 60 m',
    kind: 'area', ref: 'nanhu', heightAboveHomeM: 60, speedMps: 8, homeDock: 'dock-riverside',
    area: { lineSpacingM: 90, turnaroundM: 0 },
  },
  {
    id: 'bridge-tour', nameZh: '西溪大桥巡查', nameEn: 'West Stream bridge tour',
    kind: 'sites', heightAboveHomeM: 60, speedMps: 10, homeDock: 'dock-riverside',
    ref: ['site-zhongshan-bridge', 'site-zhanbei-bridge', 'site-zhangzhou-bridge'],
    sites: { order: 'Shortest', turns: 1, useSiteRadius: true },
  },
];
