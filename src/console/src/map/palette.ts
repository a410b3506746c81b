/** The map's colours, read from the same custom properties as the page so that a change of theme reaches the canvas. */
export interface Palette {
  dark: boolean;
  land: string;
  water: string;
  waterLine: string;
  waterText: string;
  park: string;
  parkText: string;
  hill: string;
  block: string;
  blockOld: string;
  building: string;
  buildingOld: string;
  blockLine: string;
  road: string;
  roadMajor: string;
  roadTrunk: string;
  bridge: string;
  roadCasing: string;
  roadText: string;
  label: string;
  labelMuted: string;
  halo: string;
  boundary: string;
  text: string;
  surface: string;
  accent: string;
  warning: string;
  caution: string;
  advisory: string;
  normal: string;
  stale: string;
  font: string;
}

const dark = {
  dark: true,
  land: '#11161d',
  water: '#15344f',
  waterLine: '#20506f',
  waterText: '#7db2d8',
  park: '#16291f',
  parkText: '#7fb08f',
  hill: '#1a2b22',
  block: '#171d27',
  blockOld: '#231f22',
  building: '#222b38',
  buildingOld: '#2c282b',
  blockLine: '#2a3442',
  road: '#283140',
  roadMajor: '#364458',
  roadTrunk: '#46566e',
  bridge: '#5d718c',
  roadCasing: '#0c1016',
  roadText: '#93a1b4',
  label: '#d2dbe6',
  labelMuted: '#94a2b5',
  halo: '#0b0f15',
  boundary: '#44526a',
};

const light = {
  dark: false,
  land: '#f3f3ef',
  water: '#b4d5ea',
  waterLine: '#8fbddb',
  waterText: '#235f88',
  park: '#d3e7c9',
  parkText: '#3c6b35',
  hill: '#c5dcb8',
  block: '#eae9e4',
  blockOld: '#f0e2d3',
  building: '#dcdad3',
  buildingOld: '#e6d2bd',
  blockLine: '#cbc8bf',
  road: '#ffffff',
  roadMajor: '#fff3cf',
  roadTrunk: '#ffdf9e',
  bridge: '#8b8678',
  roadCasing: '#cdc9bf',
  roadText: '#5a6068',
  label: '#29313a',
  labelMuted: '#5c6670',
  halo: '#ffffff',
  boundary: '#a79fb2',
};

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ...(document.documentElement.dataset['theme'] === 'light' ? light : dark),
    text: read('--text'),
    surface: read('--surface'),
    accent: read('--accent'),
    warning: read('--warning'),
    caution: read('--caution'),
    advisory: read('--advisory'),
    normal: read('--normal'),
    stale: read('--stale'),
    font: read('--font'),
  };
}
