import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MsePlayer } from './msePlayer';

class Socket {
  static readonly opened: Socket[] = [];
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) { Socket.opened.push(this); }
  close(): void { this.closed = true; }
  begin(): void {
    this.onopen?.();
    this.onmessage?.({ data: JSON.stringify({ type: 'format', codec: 'avc1.42C01F', width: 640, height: 360, mime: 'video/mp4; codecs="avc1.42C01F"' }) });
  }
  piece(kind: number, ...data: number[]): void { this.onmessage?.({ data: new Uint8Array([kind, ...data]).buffer }); }
}

/** Each byte that is appended is a tenth of a second of pictures. */
class Buffer extends EventTarget {
  constructor(readonly from: number) { super(); }
  updating = false;
  appended: number[][] = [];
  removed: [number, number][] = [];
  range: [number, number] | null = null;
  get buffered(): { length: number; start: () => number; end: () => number } { return { length: this.range ? 1 : 0, start: () => this.range![0], end: () => this.range![1] }; }
  appendBuffer(bytes: Uint8Array): void {
    this.appended.push([...bytes]);
    if (this.updating) throw new Error('It still takes what came before.');
    this.range = [this.range?.[0] ?? this.from, (this.range?.[1] ?? this.from) + bytes.length / 10];
    this.updating = true;
  }
  remove(from: number, to: number): void {
    this.removed.push([from, to]);
    this.range = [to, this.range![1]];
    this.updating = true;
  }
  end(): void {
    this.updating = false;
    this.dispatchEvent(new Event('updateend'));
  }
}

class Source extends EventTarget {
  static readonly made: Source[] = [];
  static supported = true;
  static isTypeSupported = (): boolean => Source.supported;
  readyState = 'closed';
  buffer: Buffer | null = null;
  constructor() { super(); Source.made.push(this); }
  from = 100;
  addSourceBuffer(): Buffer { return (this.buffer = new Buffer(this.from)); }
  open(from = 100): Buffer {
    this.from = from;
    this.readyState = 'open';
    this.dispatchEvent(new Event('sourceopen'));
    return this.buffer!;
  }
}

class Video extends EventTarget {
  muted = false;
  paused = true;
  #src = '';
  currentTime = 0;
  playbackRate = 1;
  videoWidth = 640;
  videoHeight = 360;
  seen: (() => void) | null = null;
  get src(): string { return this.#src; }
  set src(address: string) { [this.#src, this.currentTime] = [address, 0]; }
  async play(): Promise<void> { this.paused = false; }
  load(): void { this.currentTime = 0; }
  removeAttribute(): void { this.src = ''; }
  requestVideoFrameCallback(seen: () => void): number { this.seen = seen; return 1; }
  cancelVideoFrameCallback(): void { this.seen = null; }
}

const socket = (): Socket => Socket.opened.at(-1)!;

function begin(): { player: MsePlayer; video: Video; unsupported: () => boolean } {
  const video = new Video();
  let refused = false;
  const player = new MsePlayer('ws://server/live', video as unknown as HTMLVideoElement, { onchange: () => undefined, onview: () => undefined, whyRefused: async () => null, onunsupported: () => (refused = true) });
  player.start();
  socket().begin();
  return { player, video, unsupported: () => refused };
}

beforeEach(() => {
  vi.useFakeTimers();
  Socket.opened.length = Source.made.length = 0;
  Source.supported = true;
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('MediaSource', Source);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:live');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the player of fragments', () => {
  it('begins with a key picture, appends what has gathered in one piece, and joins at the live edge', () => {
    const { player, video } = begin();
    socket().piece(0, 1);
    socket().piece(2, 2);
    socket().piece(1, 3);
    socket().piece(2, 4);
    const buffer = Source.made[0]!.open();
    expect(buffer.appended).toEqual([[1, 3, 4]]);
    socket().piece(2, 5);
    socket().piece(2, 6);
    buffer.end();
    expect(buffer.appended[1]).toEqual([5, 6]);
    expect(video.currentTime).toBeCloseTo(100.25);
    expect(video.muted).toBe(true);
    video.seen?.();
    expect(player.status).toMatchObject({ width: 640, height: 360, shown: 1 });
  });

  it('begins anew, with a source of its own, after the element has failed', async () => {
    const { player, video } = begin();
    Source.made[0]!.open();
    video.dispatchEvent(new Event('error'));
    expect(Socket.opened[0]!.closed).toBe(true);
    expect(player.status.connection).toBe('waiting');
    await vi.advanceTimersByTimeAsync(200);
    socket().begin();
    expect(Source.made).toHaveLength(2);
    socket().piece(0, 1);
    socket().piece(1, 2);
    expect(Source.made[1]!.open().appended).toEqual([[1, 2]]);
  });

  it('gives a stream up that it loses again and again without a picture, and only then', async () => {
    const { video, unsupported } = begin();
    const lose = async (): Promise<void> => {
      Source.made.at(-1)!.open();
      socket().piece(0, 1);
      socket().piece(1, 2);
      video.dispatchEvent(new Event('error'));
      await vi.advanceTimersByTimeAsync(5000);
      if (!socket().closed) socket().begin();
    };
    for (let time = 0; time < 3; time++) await lose();
    video.seen?.();
    for (let time = 0; time < 3; time++) await lose();
    expect(unsupported()).toBe(false);
    expect(Socket.opened).toHaveLength(7);
    await lose();
    expect(unsupported()).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.opened).toHaveLength(7);
  });

  it('gives the past back', () => {
    const { video } = begin();
    const buffer = Source.made[0]!.open();
    buffer.range = [100, 120];
    video.currentTime = 119.9;
    socket().piece(1, 1);
    expect(buffer.removed).toEqual([[100, 114.9]]);
    buffer.end();
    expect(buffer.appended).toEqual([[1]]);
  });

  it('takes what comes with another format in a source of its own, and shows that: its time counts from nought again', () => {
    const { video } = begin();
    socket().piece(0, 1);
    socket().piece(1, 2);
    const first = Source.made[0]!.open();
    // In the middle of taking what came before.
    expect(first.updating).toBe(true);
    socket().piece(2, 3);
    video.currentTime = 485;
    socket().begin();
    socket().piece(0, 4);
    socket().piece(1, 5);
    expect(Source.made).toHaveLength(2);
    const second = Source.made[1]!.open(0);
    expect(second.appended).toEqual([[4, 5]]);
    first.end();
    second.end();
    expect(first.appended).toEqual([[1, 2]]);
    expect(video.currentTime).toBeCloseTo(0.15);
  });

  it('says when it does not take a format', () => {
    const { unsupported } = begin();
    Source.supported = false;
    socket().begin();
    expect(unsupported()).toBe(true);
    expect(socket().closed).toBe(true);
  });

  it('leaves nothing behind when it stops', async () => {
    const { player, video } = begin();
    player.stop();
    expect(video.seen).toBeNull();
    expect(video.src).toBe('');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.opened).toHaveLength(1);
  });
});
