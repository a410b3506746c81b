import type { Vehicle } from '$lib/api/types';
import type { Freshness } from '$lib/feed/fleetBook';

export type Condition = 'flying' | 'armed' | 'ready' | 'notReady' | 'late' | 'lost';

/** The one word for a vehicle: what is wrong with the link comes before what it is doing. */
export function condition(vehicle: Vehicle, freshness: Freshness): Condition {
  if (freshness === 'lost') return 'lost';
  if (freshness === 'late') return 'late';
  if (vehicle.inAir) return 'flying';
  if (vehicle.armed) return 'armed';
  return vehicle.ready && !vehicle.ready.armable ? 'notReady' : 'ready';
}

export const tones = {
  flying: 'accent', armed: 'caution', ready: 'normal', notReady: 'stale', late: 'caution', lost: 'stale',
} as const satisfies Record<Condition, string>;

export const lowBatteryPercent = 30;

/** Whether a person should look at it: link trouble, a low battery in the air, or words from the autopilot. */
export function needsAttention(vehicle: Vehicle, freshness: Freshness): boolean {
  const battery = vehicle.battery?.percent ?? null;
  return freshness !== 'fresh' || (vehicle.inAir && battery !== null && battery < lowBatteryPercent) || (vehicle.inAir && vehicle.alertTexts.length > 0);
}
