import { readStored, writeStored } from '$lib/stored';

/** A call as it is being written down. */
export interface Draft {
  number: string;
  type: string;
  priority: number;
  summary: string;
  address: string;
  lon: string;
  lat: string;
}

/** One that was not registered: what was written, when last, and by whom. */
export interface LeftDraft {
  draft: Draft;
  at: number;
  by: string;
}

export const emptyDraft: Draft = { number: '', type: 'help', priority: 2, summary: '', address: '', lon: '', lat: '' };

const written = 'incident-draft';
const aside = 'incident-draft-left';
/** A page that was loaded anew within this time goes on with what was being written. */
const sameCallMs = 10 * 60_000;
/** A shift: what nobody has asked for by then is nobody's call any more. */
const keptMs = 12 * 3_600_000;

/** Whether something of a call is in it; its type and its priority are there from the beginning. */
export function isBegun({ number, summary, address, lon, lat }: Draft): boolean {
  return [number, summary, address, lon, lat].some((text) => text.trim() !== '');
}

/**
 * What a form that opens begins with. Only a page that was loaded anew in the middle of a call goes on with it by itself: what was cancelled or left is the
 * call of somebody else, and must not come into the next one. It is put aside, and offered.
 */
export function openDraft(now: number, by: string): { draft: Draft; restoredAt: number | null; left: LeftDraft | null } {
  const last = read(written, now);
  if (last && last.by === by && now - last.at < sameCallMs) return { draft: last.draft, restoredAt: last.at, left: read(aside, now) };
  if (last) putAside(last);
  return { draft: { ...emptyDraft }, restoredAt: null, left: read(aside, now) };
}

/** Survives a reload, as long as the form is open. */
export function keepDraft(left: LeftDraft): void {
  writeStored(written, isBegun(left.draft) ? JSON.stringify(left) : null);
}

/** Of a form that closes without its call; one that is empty leaves what lies there. */
export function putAside(left: LeftDraft): void {
  writeStored(written, null);
  if (isBegun(left.draft)) writeStored(aside, JSON.stringify(left));
}

export function dropAside(): void {
  writeStored(aside, null);
}

function read(key: string, now: number): LeftDraft | null {
  try {
    const kept = JSON.parse(readStored(key) ?? 'null') as Partial<LeftDraft> | null;
    if (!kept?.draft || typeof kept.at !== 'number' || now - kept.at > keptMs) return null;
    const draft = { ...emptyDraft, ...kept.draft };
    return isBegun(draft) ? { draft, at: kept.at, by: kept.by ?? '' } : null;
  } catch {
    return null;
  }
}
