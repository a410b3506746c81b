import type { Vehicle } from '$lib/api/types';
import type { Freshness } from '$lib/feed/fleetBook';

export type Condition = 'flying' | 'armed' | 'ready' | 'notReady' | 'grounded' | 'late' | 'lost';

/** The one word for a vehicle: what is wrong with the link comes before what it is doing. */
export function condition(vehicle: Vehicle, freshness: Freshness): Condition {
  if (freshness === 'lost') return 'lost';
  if (freshness === 'late') return 'late';
  if (vehicle.inAir) return 'flying';
  if (vehicle.armed) return 'armed';
  if (vehicle.grounded) return 'grounded';
  return vehicle.ready.armable ? 'ready' : 'notReady';
}

export const tones = {
  flying: 'accent', armed: 'caution', ready: 'normal', notReady: 'stale', grounded: 'caution', late: 'caution', lost: 'stale',
} as const satisfies Record<Condition, string>;

export const lowBatteryPercent = 30;

/** Whether a person should look at it: link trouble, or a low battery in the air. */
export function needsAttention(vehicle: Vehicle, freshness: Freshness): boolean {
  const battery = vehicle.battery?.percent ?? null;
  return freshness !== 'fresh' || (vehicle.inAir === true && battery !== null && battery < lowBatteryPercent);
}
