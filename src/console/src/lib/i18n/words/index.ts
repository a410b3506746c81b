import { airworthiness } from './airworthiness';
import { alarms } from './alarms';
import { audit } from './audit';
import { auditActions } from './auditActions';
import { crews } from './crews';
import { fleet } from './fleet';
import { incidents } from './incidents';
import { intake } from './intake';
import { licences } from './licences';
import { live } from './live';
import { logbook } from './logbook';
import { map } from './map';
import { patrols } from './patrols';
import { recordings } from './recordings';
import { report } from './report';
import { response } from './response';
import { shell } from './shell';
import { sorties } from './sorties';
import { video } from './video';
import { wall } from './wall';
import { webhooks } from './webhooks';

/** Every text of the console: Chinese first, then English. */
export const words = { ...shell, ...alarms, ...map, ...live, ...patrols, ...incidents, ...intake, ...crews, ...sorties, ...logbook, ...response, ...report, ...video, ...recordings, ...fleet, ...airworthiness, ...licences, ...audit, ...auditActions, ...webhooks, ...wall };

export type Key = keyof typeof words;
