export const layouts = ['1', '4', '9', '16', 'big'] as const;
export type Layout = (typeof layouts)[number];

/** How the pictures of one person are arranged. Places hold stream ids; those beyond the layout's own are kept for a larger one. */
export interface Mosaic {
  layout: Layout;
  places: (string | null)[];
  /** Nobody has arranged anything yet: streams take the next free place by themselves. */
  untouched: boolean;
}

export const mostPlaces = 16;
const sizes: Record<Layout, number> = { 1: 1, 4: 4, 9: 9, 16: 16, big: 8 };
const columns: Record<Layout, number> = { 1: 1, 4: 2, 9: 3, 16: 4, big: 4 };

export const empty: Mosaic = { layout: '4', places: [], untouched: true };

export function sizeOf(layout: Layout): number {
  return sizes[layout];
}

/** The places that are seen, with nothing in those that are free. */
export function shown(mosaic: Mosaic): (string | null)[] {
  return Array.from({ length: sizes[mosaic.layout] }, (_, place) => mosaic.places[place] ?? null);
}

/** Puts a stream in a place; where it stood before, what was there goes. */
export function put(mosaic: Mosaic, place: number, id: string | null): Mosaic {
  const places = padded(mosaic.places);
  const before = id === null ? -1 : places.indexOf(id);
  if (before >= 0) places[before] = places[place]!;
  places[place] = id;
  return { ...mosaic, places, untouched: false };
}

export function swap(mosaic: Mosaic, from: number, to: number): Mosaic {
  const places = padded(mosaic.places);
  [places[from], places[to]] = [places[to]!, places[from]!];
  return { ...mosaic, places, untouched: false };
}

/** Gives every stream that has no place the next free one; a wall that nobody has arranged grows to hold them. */
export function fill(mosaic: Mosaic, ids: readonly string[], always = false): Mosaic {
  if (!mosaic.untouched && !always) return mosaic;
  const places = padded(mosaic.places);
  const homeless = ids.filter((id) => !places.includes(id));
  for (let place = 0; place < mostPlaces && homeless.length > 0; place++) places[place] ??= homeless.shift()!;
  const used = places.findLastIndex((id) => id !== null) + 1;
  const layout = used <= sizes[mosaic.layout] ? mosaic.layout : (['4', '9', '16'] as const).find((candidate) => sizes[candidate] >= used) ?? '16';
  const same = layout === mosaic.layout && places.every((id, place) => id === (mosaic.places[place] ?? null));
  return same ? mosaic : { ...mosaic, layout, places };
}

/** The place an arrow key leads to; null at the edge. */
export function neighbour(layout: Layout, place: number, key: string): number | null {
  if (layout === 'big') return besideBig(place, key);
  const across = columns[layout];
  const [column, row] = [place % across, Math.floor(place / across)];
  const [x, y] = { ArrowLeft: [column - 1, row], ArrowRight: [column + 1, row], ArrowUp: [column, row - 1], ArrowDown: [column, row + 1] }[key] ?? [-1, -1];
  return x! < 0 || x! >= across || y! < 0 || y! >= sizes[layout] / across ? null : y! * across + x!;
}

/** One large picture, three down its right side (1 to 3), four below (4 to 7, the last in the corner). */
function besideBig(place: number, key: string): number | null {
  if (place === 0) return key === 'ArrowRight' ? 1 : key === 'ArrowDown' ? 4 : null;
  if (place <= 3) {
    if (key === 'ArrowLeft') return 0;
    if (key === 'ArrowUp') return place > 1 ? place - 1 : null;
    return key === 'ArrowDown' ? (place < 3 ? place + 1 : 7) : null;
  }
  if (key === 'ArrowUp') return place === 7 ? 3 : 0;
  if (key === 'ArrowLeft') return place > 4 ? place - 1 : null;
  return key === 'ArrowRight' && place < 7 ? place + 1 : null;
}

/** What was remembered, as far as it can be understood. */
export function parseMosaic(text: string | null): Mosaic {
  try {
    const { layout, places, untouched } = JSON.parse(text ?? '{}') as Partial<Record<keyof Mosaic, unknown>>;
    return {
      layout: layouts.find((known) => known === layout) ?? empty.layout,
      places: Array.isArray(places) ? places.slice(0, mostPlaces).map((id) => (typeof id === 'string' ? id : null)) : [],
      untouched: untouched !== false,
    };
  } catch {
    return empty;
  }
}

function padded(places: readonly (string | null)[]): (string | null)[] {
  return Array.from({ length: mostPlaces }, (_, place) => places[place] ?? null);
}
