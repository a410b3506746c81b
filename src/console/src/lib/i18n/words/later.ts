import { airworthiness } from './airworthiness';
import { approvals } from './approvals';
import { auditActions } from './auditActions';
import { intake } from './intake';
import { licences } from './licences';
import { logbook } from './logbook';
import { patrols } from './patrols';
import { recordings } from './recordings';
import { report } from './report';
import { retention } from './retention';
import { webhooks } from './webhooks';

/** The texts of the pages that come when they are asked for, and that nobody who opens the console waits for. */
export const later = { ...patrols, ...intake, ...logbook, ...report, ...recordings, ...airworthiness, ...licences, ...auditActions, ...webhooks, ...retention, ...approvals };
