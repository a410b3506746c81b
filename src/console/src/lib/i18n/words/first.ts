import { alarms } from './alarms';
import { audit } from './audit';
import { crews } from './crews';
import { fleet } from './fleet';
import { incidents } from './incidents';
import { live } from './live';
import { map } from './map';
import { response } from './response';
import { shell } from './shell';
import { sorties } from './sorties';
import { video } from './video';
import { wall } from './wall';

/** The texts of what everybody sees first: the frame, the map, Live, the calls. */
export const first = { ...shell, ...alarms, ...map, ...live, ...incidents, ...crews, ...sorties, ...response, ...video, ...fleet, ...audit, ...wall };
