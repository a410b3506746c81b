/*
 * The address bar is the console's memory: the view is the first path segment, the thing selected is the second, and
 * everything else that is chosen (filters, a drawing, a tab) is in the query. Any view can be sent to a colleague.
 */

export const views = ['live', 'patrols', 'incidents', 'sorties', 'video', 'response', 'fleet', 'alarms', 'audit', 'wall', 'report', 'settings'] as const;
export type View = (typeof views)[number];

export interface Place {
  view: View;
  id: string | null;
  query: URLSearchParams;
}

export function parsePlace(pathname: string, search: string): Place {
  const [first, second] = pathname.split('/').filter(Boolean);
  const view = views.find((candidate) => candidate === first) ?? 'live';
  return { view, id: view === first && second ? decodeURIComponent(second) : null, query: new URLSearchParams(search) };
}

export function formatPlace(view: View, id: string | null, query?: URLSearchParams): string {
  const search = query?.toString();
  return `/${view}${id === null ? '' : `/${encodeURIComponent(id)}`}${search ? `?${search}` : ''}`;
}

/** Whether a link leads to a view, in this window. Files, other sites and parts of a page are not the router's. */
export function isPlace(link: Pick<HTMLAnchorElement, 'origin' | 'pathname' | 'hash' | 'target' | 'hasAttribute'>, origin: string): boolean {
  if (link.origin !== origin || link.hash || link.hasAttribute('download') || (link.target && link.target !== '_self')) return false;
  return views.some((view) => link.pathname === `/${view}` || link.pathname.startsWith(`/${view}/`));
}

class Router {
  #place = $state.raw<Place>(parsePlace(location.pathname, location.search));

  constructor() {
    addEventListener('popstate', () => (this.#place = parsePlace(location.pathname, location.search)));
    addEventListener('click', (event) => this.#follow(event));
  }

  get view(): View {
    return this.#place.view;
  }

  get id(): string | null {
    return this.#place.id;
  }

  param(name: string): string | null {
    return this.#place.query.get(name);
  }

  get query(): URLSearchParams {
    return this.#place.query;
  }

  /** Goes to a view, keeping nothing of the query of the last one. */
  go(view: View, id: string | null = null, query?: URLSearchParams): void {
    this.#move(formatPlace(view, id, query), false);
  }

  /** Changes parameters of the present view; null removes one. Replaces the entry: a filter is not a page to go back to. */
  set(changes: Record<string, string | null>): void {
    const query = new URLSearchParams(this.#place.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') query.delete(name);
      else query.set(name, value);
    }
    this.#move(formatPlace(this.view, this.id, query), true);
  }

  /** A press on a link to a place of the console goes there without loading the page anew; one that is to open elsewhere is the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || !isPlace(link, location.origin)) return;
    event.preventDefault();
    this.#move(link.pathname + link.search, false);
  }

  #move(address: string, replace: boolean): void {
    if (address === location.pathname + location.search) return;
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    this.#place = parsePlace(location.pathname, location.search);
  }
}

export const router = new Router();
