import type { Feature, Geometry } from '$lib/api/types';

/** From how many sorties on a grid is drawn in each shade. */
export const levels = [0, 1, 3, 10, 30] as const;

export function levelOf(sorties: number): number {
  return levels.findLastIndex((least) => sorties >= least);
}

export interface Outline {
  /** Kind and id, as the coverage names it. */
  key: string;
  path: string;
}

const siteRadius = 4;

/** Grids and key sites as paths of a drawing that is so many units wide; north is up, and a degree of longitude as much narrower as it is there. */
export function outlines(grids: Feature[], sites: Feature[], width: number): { grids: Outline[]; sites: Outline[]; height: number } {
  const corners = grids.flatMap((grid) => ringsOf(grid.geometry).flat());
  if (corners.length === 0) return { grids: [], sites: [], height: 0 };
  const [west, east] = [Math.min(...corners.map(([lon]) => lon)), Math.max(...corners.map(([lon]) => lon))];
  const [south, north] = [Math.min(...corners.map(([, lat]) => lat)), Math.max(...corners.map(([, lat]) => lat))];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = width / ((east - west) * narrow);
  const place = ([lon, lat]: readonly [number, number]): [number, number] => [round((lon - west) * narrow * scale), round((north - lat) * scale)];
  return {
    grids: grids.map((grid) => ({ key: `grid/${grid.id}`, path: ringsOf(grid.geometry).map((ring) => `M${ring.map((corner) => place(corner).join(' ')).join('L')}Z`).join('') })),
    sites: sites.filter((site) => site.geometry.type === 'Point').map((site) => {
      const [x, y] = place(site.geometry.coordinates as [number, number]);
      return { key: `keySite/${site.id}`, path: `M${round(x - siteRadius)} ${y}a${siteRadius} ${siteRadius} 0 1 0 ${2 * siteRadius} 0a${siteRadius} ${siteRadius} 0 1 0 ${-2 * siteRadius} 0Z` };
    }),
    height: Math.ceil((north - south) * scale),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function ringsOf(geometry: Geometry): [number, number][][] {
  if (geometry.type === 'Polygon') return geometry.coordinates as [number, number][][];
  return geometry.type === 'MultiPolygon' ? (geometry.coordinates as [number, number][][][]).flat() : [];
}
