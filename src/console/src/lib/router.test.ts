import { beforeAll, describe, expect, it } from 'vitest';

let parsePlace: typeof import('./router.svelte').parsePlace;
let formatPlace: typeof import('./router.svelte').formatPlace;

beforeAll(async () => {
  Object.assign(globalThis, { location: { pathname: '/', search: '' }, addEventListener: () => undefined });
  ({ parsePlace, formatPlace } = await import('./router.svelte'));
});

describe('the address', () => {
  it('names the view, the thing selected and the filters', () => {
    const place = parsePlace('/sorties/s-1', '?from=2026-01-01&vehicleId=v');
    expect(place.view).toBe('sorties');
    expect(place.id).toBe('s-1');
    expect(place.query.get('vehicleId')).toBe('v');
  });

  it('is the live view where it names none', () => {
    expect(parsePlace('/', '').view).toBe('live');
    expect(parsePlace('/nowhere/x', '')).toMatchObject({ view: 'live', id: null });
  });

  it('survives ids with slashes and Chinese', () => {
    const address = formatPlace('live', '古城/1', new URLSearchParams({ show: 'flying' }));
    const [path, search] = address.split('?') as [string, string];
    const place = parsePlace(path, search);
    expect(place.id).toBe('古城/1');
    expect(place.query.get('show')).toBe('flying');
  });
});
