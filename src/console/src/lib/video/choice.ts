export type PlayerKind = 'pictures' | 'mp4' | 'hls';

/** What this browser can do, asked once per stream. */
export interface Abilities {
  /** WebCodecs exists only on https and on this machine itself. */
  webCodecs: boolean;
  mediaSource: boolean;
  /** Plays a live playlist by itself, as Safari does. */
  hls: boolean;
}

/** `recoded`: the server is asked for H.264, which costs it a part of a core. */
export type Choice = { kind: PlayerKind; recoded: boolean } | { kind: null; why: 'codec' | 'browser' };

/** What a player has not been able to show. */
export interface Refused { recoded: boolean; takesMp4: boolean }

/** Access units into WebCodecs where that can be, MP4 into a media source where it cannot, and where neither is there a playlist, seconds behind. The codec is asked for when it is known. */
export function choosePlayer(can: Abilities): Choice {
  if (can.webCodecs) return { kind: 'pictures', recoded: false };
  if (can.mediaSource) return { kind: 'mp4', recoded: false };
  return can.hls ? { kind: 'hls', recoded: false } : { kind: null, why: 'browser' };
}

/** After a player has refused the codec: another player may take it, else the server codes it anew; who cannot show that either shows nothing. */
export function chooseAfterRefusal(can: Abilities, refused: Refused): Choice {
  if (refused.recoded) return { kind: null, why: 'codec' };
  if (can.mediaSource && refused.takesMp4) return { kind: 'mp4', recoded: false };
  const first = choosePlayer(can);
  return first.kind === null ? first : { ...first, recoded: true };
}

export function abilities(): Abilities {
  return { webCodecs: isSecureContext && 'VideoDecoder' in globalThis, mediaSource: 'MediaSource' in globalThis, hls: document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '' };
}
