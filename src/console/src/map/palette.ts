/** The map's colours, read from the same custom properties as the page so that a change of theme reaches the canvas. */
export interface Palette {
  dark: boolean;
  land: string;
  water: string;
  waterLine: string;
  waterText: string;
  park: string;
  block: string;
  blockLine: string;
  road: string;
  roadMajor: string;
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
  land: '#11161e',
  water: '#14304a',
  waterLine: '#1e4666',
  waterText: '#6fa3cc',
  park: '#14261f',
  block: '#171e29',
  blockLine: '#1f2937',
  road: '#2b3646',
  roadMajor: '#3b495d',
  roadCasing: '#0c1016',
  roadText: '#93a1b4',
  label: '#c6d1de',
  labelMuted: '#8593a6',
  halo: '#0b0f15',
  boundary: '#4a5a70',
};

const light = {
  dark: false,
  land: '#f1f3ee',
  water: '#b9d8ec',
  waterLine: '#94c1de',
  waterText: '#2a6791',
  park: '#d6e8cc',
  block: '#e6e7e3',
  blockLine: '#d9dad5',
  road: '#ffffff',
  roadMajor: '#ffe9b8',
  roadCasing: '#c9ccc8',
  roadText: '#5b6470',
  label: '#2a333d',
  labelMuted: '#67727e',
  halo: '#ffffff',
  boundary: '#9aa5b1',
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
