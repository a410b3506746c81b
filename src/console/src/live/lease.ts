import type { Session, Vehicle } from '$lib/api/types';
import { userName } from '$lib/format/actor';

/** Whether this person holds the control of the vehicle now. The server decides; this only lights the right buttons. */
export function holdsControl(vehicle: Vehicle, user: Session | null): boolean {
  return user !== null && vehicle.control !== null && userName(vehicle.control.holder) === user.userName;
}

/** Whether the control has been offered to this person, and waits to be accepted. */
export function isOfferedTo(vehicle: Vehicle, user: Session | null): boolean {
  return user !== null && vehicle.control?.offeredTo != null && userName(vehicle.control.offeredTo) === user.userName;
}
