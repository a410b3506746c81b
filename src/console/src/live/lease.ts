import type { Session, Vehicle } from '$lib/api/types';

/** An actor as the audit log writes it, `user:pilot`, as people say it. */
export function actorName(actor: string): string {
  return actor.replace(/^user:/, '');
}

/** Whether this person holds the control of the vehicle now. The server decides; this only lights the right buttons. */
export function holdsControl(vehicle: Vehicle, user: Session | null): boolean {
  return user !== null && vehicle.control !== null && actorName(vehicle.control.holder) === user.userName;
}

/** Whether the control has been offered to this person, and waits to be accepted. */
export function isOfferedTo(vehicle: Vehicle, user: Session | null): boolean {
  return user !== null && vehicle.control?.offeredTo != null && actorName(vehicle.control.offeredTo) === user.userName;
}
