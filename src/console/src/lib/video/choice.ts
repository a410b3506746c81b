export type PlayerKind = 'pictures' | 'mp4' | 'hls';

/** What this browser can do, asked once per stream. */
export interface Abilities {
  /** WebCodecs exists only on https and on this machine itself. */
  webCodecs: boolean;
  mediaSource: boolean;
  /** Plays a live playlist by itself, as Safari does. */
  hls: boolean;
}

export type Choice = { kind: PlayerKind } | { kind: null; why: 'codec' | 'browser' };

/** Access units into WebCodecs where that can be, MP4 into a media source where it cannot, and where neither is there a playlist, seconds behind. The codec is asked for when it is known. */
export function choosePlayer(can: Abilities): Choice {
  if (can.webCodecs) return { kind: 'pictures' };
  if (can.mediaSource) return { kind: 'mp4' };
  return can.hls ? { kind: 'hls' } : { kind: null, why: 'browser' };
}

/** After WebCodecs has refused the codec: another player may take it, or nobody here can. */
export function chooseAfterRefusal(can: Abilities, mediaSourceTakesIt: boolean): Choice {
  return can.mediaSource && mediaSourceTakesIt ? { kind: 'mp4' } : { kind: null, why: 'codec' };
}

export function abilities(): Abilities {
  return { webCodecs: isSecureContext && 'VideoDecoder' in globalThis, mediaSource: 'MediaSource' in globalThis, hls: document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '' };
}
