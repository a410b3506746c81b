import type { CommandRequest, CommandResult, Vehicle } from '$lib/api/types';
import { distanceM } from '$lib/geo/measure';

/** The four visible states of a command, and the ways it ends early. */
export type Step = 'sent' | 'received' | 'acting' | 'done' | 'rejected' | 'unknown' | 'notSent' | 'failed';

const arrivedWithinM = 12;
const heightWithinM = 1.5;

/** What the autopilot's answer alone says. */
export function stepOf(result: CommandResult): Step {
  switch (result.outcome) {
    case 'accepted': return 'received';
    case 'inProgress': return 'acting';
    case 'rejected': return 'rejected';
    case 'notSent': return 'notSent';
    default: return 'unknown';
  }
}

/** What the vehicle itself shows of a command the autopilot has taken: an acceptance is not yet a deed. Never goes back a step. */
export function observe(request: CommandRequest, vehicle: Vehicle, step: Step): Step {
  if (step !== 'received' && step !== 'acting') return step;
  const seen = look(request, vehicle);
  return seen === 'done' || (seen === 'acting' && step === 'received') ? seen : step;
}

function look(request: CommandRequest, vehicle: Vehicle): 'acting' | 'done' | null {
  const height = vehicle.position?.altitudeAboveHomeM ?? null;
  const speed = vehicle.groundSpeedMps ?? 0;
  const mode = vehicle.mode ?? '';
  switch (request.command) {
    case 'arm': return vehicle.armed ? 'done' : null;
    case 'disarm': return vehicle.armed ? null : 'done';
    case 'takeoff':
      if (!vehicle.inAir) return vehicle.armed ? 'acting' : null;
      return height !== null && height >= (request.altitudeAboveHomeM ?? 0) - heightWithinM ? 'done' : 'acting';
    case 'land': return vehicle.inAir !== false ? (/LAND/i.test(mode) ? 'acting' : null) : 'done';
    case 'returnToLaunch': return vehicle.inAir !== false ? (/RTL|RETURN/i.test(mode) ? 'acting' : null) : 'done';
    case 'hold': return speed < 0.5 ? 'done' : 'acting';
    case 'goTo': {
      const { position } = vehicle;
      if (!position || request.lon === undefined || request.lat === undefined) return null;
      return distanceM([position.lon, position.lat], [request.lon, request.lat]) < arrivedWithinM ? 'done' : speed > 0.8 ? 'acting' : null;
    }
    case 'setMode': return vehicle.mode === request.mode ? 'done' : null;
    case 'startMission': {
      const progress = vehicle.missionProgress;
      if (!/AUTO|MISSION/i.test(mode)) return null;
      return progress?.state === 'complete' || (progress?.total && progress.current >= progress.total) ? 'done' : 'acting';
    }
    case 'orbit': return speed > 0.8 ? 'acting' : null;
    // Nothing of these can be seen from outside: the acceptance is the end of it.
    case 'pauseMission': return speed < 0.5 ? 'done' : 'acting';
    case 'continueMission':
    case 'setSpeed':
    case 'pointCamera': return 'done';
  }
}
