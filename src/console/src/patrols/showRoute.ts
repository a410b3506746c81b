import type { RouteSummary } from '$lib/api/types';
import { notices } from '$lib/say.svelte';
import { stage } from '../map/stage.svelte';
import { patrols } from './patrols.svelte';

/** Puts a route of the library on the map and brings it into view. */
export async function showRoute(id: string): Promise<void> {
  try {
    const known = patrols.routes.find((route) => route.id === id);
    const route: RouteSummary = known?.geometry ? known : await patrols.readRoute(id);
    stage.chart?.overlays.path('route', 'planned', route.geometry);
    stage.chart?.fitOverlay('route');
  } catch (error) {
    notices.fail(error);
  }
}
