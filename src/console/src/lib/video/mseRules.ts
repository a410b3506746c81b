/** Seconds behind the newest picture that are still live: one fragment on its way, one being decoded. */
const behindS = 0.25;
/** Further behind than this it jumps; between the two it only runs a little faster. */
const jumpS = 1;
const catchUpRate = 1.1;
/** Seconds of the past that are kept, and how many may pile up before they are cut away. */
const keepS = 5;
const trimFromS = 15;

export interface Range {
  start: number;
  end: number;
}

export type EdgeMove = { seekTo: number } | { rate: number };

/** How to stay at the live edge. The first move is a jump: catching up slowly from the key picture costs a second of delay for minutes. */
export function stayAtEdge(currentTime: number, buffered: Range | null, joined: boolean): EdgeMove {
  if (!buffered) return { rate: 1 };
  const behind = buffered.end - currentTime;
  const edge = Math.max(buffered.start, buffered.end - 0.05);
  if (!joined || currentTime < buffered.start || behind > jumpS) return { seekTo: edge };
  return { rate: behind > behindS ? catchUpRate : 1 };
}

/** What may be removed from the buffer; null while there is little to gain. */
export function trim(currentTime: number, buffered: Range | null): Range | null {
  if (!buffered || currentTime - buffered.start < trimFromS) return null;
  return { start: buffered.start, end: currentTime - keepS };
}
