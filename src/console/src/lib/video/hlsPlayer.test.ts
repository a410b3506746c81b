import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HlsPlayer } from './hlsPlayer';
import type { Refusal } from './status';

class Video extends EventTarget {
  muted = false;
  src = '';
  currentTime = 0;
  videoWidth = 640;
  videoHeight = 360;
  seen: (() => void) | null = null;
  async play(): Promise<void> { /* It plays. */ }
  load(): void { /* Nothing to be loaded. */ }
  removeAttribute(): void { this.src = ''; }
  requestVideoFrameCallback(seen: () => void): number { this.seen = seen; return 1; }
  cancelVideoFrameCallback(): void { this.seen = null; }
}

function begin(): { player: HlsPlayer; video: Video; answer: (refusal: Refusal | null) => void; changes: () => number } {
  const video = new Video();
  const asked: ((refusal: Refusal | null) => void)[] = [];
  let changes = 0;
  const player = new HlsPlayer('/first.m3u8', video as unknown as HTMLVideoElement, {
    onchange: () => changes++, onview: () => undefined, onunsupported: () => undefined,
    whyRefused: () => new Promise((resolve) => asked.push(resolve)),
  });
  player.start();
  return { player, video, answer: (refusal) => asked.shift()!(refusal), changes: () => changes };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the player of a playlist', () => {
  it('begins again after an error, and shows what comes', async () => {
    const { player, video, answer } = begin();
    expect(video.src).toBe('/first.m3u8');
    video.src = '';
    video.dispatchEvent(new Event('error'));
    answer(null);
    await vi.advanceTimersByTimeAsync(200);
    expect(video.src).toBe('/first.m3u8');
    video.seen?.();
    expect(player.status).toMatchObject({ connection: 'open', stream: 'live', shown: 1, width: 640 });
  });

  it('leaves the element alone once it has stopped, also when the answer to its question comes after that', async () => {
    const { player, video, answer, changes } = begin();
    video.dispatchEvent(new Event('error'));
    player.stop();
    video.src = '/second.m3u8';
    const before = changes();
    answer(null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(video.src).toBe('/second.m3u8');
    expect(changes()).toBe(before);
  });

  it('comes back to a stream that was not known for a while, and not to one that is forbidden', async () => {
    const { player, video, answer } = begin();
    video.src = '';
    video.dispatchEvent(new Event('error'));
    answer('gone');
    await vi.advanceTimersByTimeAsync(13_000);
    expect(player.status).toMatchObject({ connection: 'refused', refusal: 'gone' });
    answer(null);
    await vi.advanceTimersByTimeAsync(0);
    expect(video.src).toBe('/first.m3u8');
    expect(player.status).toMatchObject({ connection: 'connecting', refusal: null });
    video.src = '';
    video.dispatchEvent(new Event('error'));
    answer('forbidden');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(player.status.refusal).toBe('forbidden');
    expect(video.src).toBe('');
  });
});
