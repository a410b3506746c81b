import { beforeAll, describe, expect, it } from 'vitest';

let parsePlace: typeof import('./router.svelte').parsePlace;
let formatPlace: typeof import('./router.svelte').formatPlace;
let isPlace: typeof import('./router.svelte').isPlace;

beforeAll(async () => {
  Object.assign(globalThis, { location: { pathname: '/', search: '' }, addEventListener: () => undefined });
  ({ parsePlace, formatPlace, isPlace } = await import('./router.svelte'));
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

  it('is the router\'s where a link leads to a view in this window, and the browser\'s otherwise', () => {
    const origin = 'https://drones.example';
    const leads = (href: string, attributes: Record<string, string> = {}): boolean => {
      const { origin: from, pathname, hash } = new URL(href, origin);
      return isPlace({ origin: from, pathname, hash, target: attributes['target'] ?? '', hasAttribute: (name) => name in attributes }, origin);
    };
    expect(['/live', '/sorties/s-1', '/audit?subject=x', '/video/古城'].map((href) => leads(href))).toEqual([true, true, true, true]);
    expect(['/api/v1/response/report.csv', '/lively', 'https://other.example/live', '/live#map', '/library/docks.geojson'].map((href) => leads(href))).toEqual([false, false, false, false, false]);
    expect(leads('/live', { target: '_blank' })).toBe(false);
    expect(leads('/audit', { download: '' })).toBe(false);
  });

  it('survives ids with slashes and Chinese', () => {
    const address = formatPlace('live', '古城/1', new URLSearchParams({ show: 'flying' }));
    const [path, search] = address.split('?') as [string, string];
    const place = parsePlace(path, search);
    expect(place.id).toBe('古城/1');
    expect(place.query.get('show')).toBe('flying');
  });
});
