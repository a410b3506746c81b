import type { Session, Vehicle } from '$lib/api/types';

/** Whether this person holds the control of the vehicle now. The server decides; this only lights the right buttons. */
export function holdsControl(vehicle: Vehicle, user: Session | null): boolean {
  const holder = vehicle.control?.holder;
  return user !== null && holder !== undefined && (holder === user.userName || holder === `user:${user.userName}`);
}
