import type { CommandName, Purpose, Vehicle } from '$lib/api/types';

export interface Grounds {
  purpose: string;
  authorisedBy: string;
}

const launches: readonly CommandName[] = ['arm', 'takeoff', 'startMission'];

/** Whether a command starts a flight that nobody has explained yet: a task says why by itself. */
export function needsGrounds(command: CommandName, vehicle: Pick<Vehicle, 'inAir' | 'assignment'>): boolean {
  return launches.includes(command) && vehicle.inAir !== true && vehicle.assignment === null;
}

/** What stands in the form when it opens: what was said last, as far as it may still be said. */
export function preselect(stored: string | null, purposes: readonly Purpose[]): Grounds {
  const last = parse(stored);
  return {
    purpose: purposes.some(({ id }) => id === last.purpose) ? last.purpose : (purposes[0]?.id ?? ''),
    authorisedBy: last.authorisedBy,
  };
}

function parse(stored: string | null): Grounds {
  try {
    const { purpose, authorisedBy } = JSON.parse(stored ?? '{}') as Record<string, unknown>;
    return { purpose: typeof purpose === 'string' ? purpose : '', authorisedBy: typeof authorisedBy === 'string' ? authorisedBy : '' };
  } catch {
    return { purpose: '', authorisedBy: '' };
  }
}
