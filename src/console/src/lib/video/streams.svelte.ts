import { http } from '../api/client';
import type { Page } from '../api/types';
import type { VideoStream } from '../api/videoTypes';

const everyMs = 2000;

/** The streams there are, read again and again while some page shows them. */
class Streams {
  #all = $state.raw<VideoStream[]>([]);
  #phase = $state<'loading' | 'ready' | 'failed'>('loading');
  #error = $state.raw<unknown>(null);
  #readers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get all(): VideoStream[] { return this.#all; }
  get phase(): 'loading' | 'ready' | 'failed' { return this.#phase; }
  get error(): unknown { return this.#error; }

  find(id: string | null): VideoStream | null {
    return this.#all.find((stream) => stream.id === id) ?? null;
  }

  /** What the eye sees comes before what only warmth shows. */
  of(vehicleId: string): VideoStream[] {
    return this.#all.filter((stream) => stream.vehicleId === vehicleId);
  }

  /** Keeps the list fresh until what is returned is called. */
  watch(): () => void {
    if (this.#readers++ === 0) void this.#again();
    return () => {
      if (--this.#readers === 0) clearTimeout(this.#timer);
    };
  }

  async read(): Promise<void> {
    try {
      const { items } = await http.get<Page<VideoStream>>('/video/streams');
      this.#all = items.toSorted((a, b) => a.name.localeCompare(b.name, 'zh-CN', { numeric: true }) || b.kind.localeCompare(a.kind));
      this.#phase = 'ready';
      this.#error = null;
    } catch (error) {
      // What was read last stays: the pictures go on by themselves.
      this.#error = error;
      if (this.#phase === 'loading') this.#phase = 'failed';
    }
  }

  async #again(): Promise<void> {
    clearTimeout(this.#timer);
    await this.read();
    if (this.#readers > 0) this.#timer = setTimeout(() => void this.#again(), everyMs);
  }
}

export const streams = new Streams();

/** @param recoded The server codes it anew as H.264, because this browser does not know what the camera sends. */
export function liveAddress(id: string, format: 'pictures' | 'mp4', recoded: boolean): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/api/v1/video/streams/${encodeURIComponent(id)}/live?format=${format}${recoded ? '&codec=h264' : ''}`;
}

export function playlistAddress(id: string): string {
  return `/api/v1/video/streams/${encodeURIComponent(id)}/hls/index.m3u8`;
}

export async function setRecording(id: string, on: boolean): Promise<void> {
  const path = `/video/streams/${encodeURIComponent(id)}/recording`;
  await (on ? http.post(path, {}) : http.delete(path));
}
