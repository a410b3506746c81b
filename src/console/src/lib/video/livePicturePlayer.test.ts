import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LivePicturePlayer } from './livePicturePlayer';
import { pictureAgeMs, pictureState } from './status';
import { pictureHeaderBytes } from './wire';

/** The browser's parts, as far as the player uses them. */
class Socket {
  static readonly opened: Socket[] = [];
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) { Socket.opened.push(this); }
  close(): void { this.closed = true; }
  say(message: object): void { this.onmessage?.({ data: JSON.stringify(message) }); }
  picture(sequence: number, isKey = false): void {
    const buffer = new ArrayBuffer(pictureHeaderBytes + 8);
    const view = new DataView(buffer);
    view.setUint8(0, 1);
    view.setUint8(1, isKey ? 1 : 0);
    view.setUint32(4, sequence, true);
    view.setBigInt64(8, BigInt(sequence * 40_000), true);
    view.setBigInt64(24, BigInt((Date.now() - 20) * 1000), true);
    this.onmessage?.({ data: buffer });
  }
}

class Decoder {
  static readonly made: Decoder[] = [];
  static supported = true;
  static isConfigSupported = async (): Promise<{ supported: boolean }> => ({ supported: Decoder.supported });
  state = 'unconfigured';
  configs: Record<string, unknown>[] = [];
  waiting: { type: string; timestamp: number }[] = [];
  ondequeue: (() => void) | null = null;
  constructor(readonly callbacks: { output: (frame: object) => void; error: (error: unknown) => void }) { Decoder.made.push(this); }
  get decodeQueueSize(): number { return this.waiting.length; }
  configure(config: Record<string, unknown>): void { this.state = 'configured'; this.configs.push(config); }
  decode(chunk: { type: string; timestamp: number }): void { this.waiting.push(chunk); }
  close(): void { this.state = 'closed'; }
  /** Decodes what waits inside, one by one. */
  work(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      this.callbacks.output({ timestamp: next.timestamp, displayWidth: 1280, displayHeight: 720, close: () => freed.push(next!.timestamp) });
      this.ondequeue?.();
    }
  }
}

const freed: number[] = [];
const format = { type: 'format', codec: 'avc1.42C01F', width: 1280, height: 720, description: 'AUI=', mime: null };

function begin(whyRefused: () => Promise<'forbidden' | null> = async () => null): { player: LivePicturePlayer; painted: number[]; unsupported: () => boolean } {
  const painted: number[] = [];
  let refused = false;
  const player = new LivePicturePlayer('ws://server/live', (frame) => painted.push(frame.timestamp), {
    onchange: () => undefined, onview: () => undefined, whyRefused, onunsupported: () => (refused = true),
  });
  player.start();
  return { player, painted, unsupported: () => refused };
}

const socket = (): Socket => Socket.opened.at(-1)!;
const decoder = (): Decoder => Decoder.made.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_790_000_000_000 });
  Socket.opened.length = Decoder.made.length = freed.length = 0;
  Decoder.supported = true;
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('VideoDecoder', Decoder);
  vi.stubGlobal('EncodedVideoChunk', class { constructor(init: object) { Object.assign(this, init); } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected(): Promise<ReturnType<typeof begin>> {
  const begun = begin();
  socket().onopen?.();
  socket().say(format);
  await vi.advanceTimersByTimeAsync(0);
  return begun;
}

describe('the player of access units', () => {
  it('shows pictures as they come, frees every frame, and measures how old they are', async () => {
    const { player, painted } = await connected();
    for (let i = 0; i < 8; i++) {
      socket().picture(i, i === 0);
      decoder().work();
    }
    expect(painted).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => i * 40_000));
    expect(freed).toEqual(painted);
    expect(player.status).toMatchObject({ connection: 'open', width: 1280, height: 720, shown: 8, latency: { p50Ms: 20, from: 'arrival' } });
    expect(decoder().configs).toMatchObject([{ codec: 'avc1.42C01F', optimizeForLatency: true, description: new Uint8Array([1, 66]) }]);
  });

  it('keeps no more than three pictures in the decoder, and paints only the last of a backlog', async () => {
    const { painted } = await connected();
    for (let i = 0; i < 25; i++) socket().picture(i, i === 0);
    expect(decoder().waiting).toHaveLength(3);
    decoder().work();
    expect(freed).toHaveLength(25);
    expect(painted[0]).toBe(0);
    expect(painted.at(-1)).toBe(24 * 40_000);
    expect(painted.length).toBeLessThan(6);
  });

  it('keeps pictures that come while it asks whether it can decode them', async () => {
    const { painted } = begin();
    socket().say(format);
    socket().picture(0, true);
    socket().picture(1);
    await vi.advanceTimersByTimeAsync(0);
    decoder().work();
    expect(painted).toContain(40_000);
  });

  it('goes on in software, from the next key picture, when the decoder is lost, and gives up when that goes on', async () => {
    const { player, painted } = await connected();
    socket().picture(0, true);
    decoder().callbacks.error(new Error('lost'));
    socket().picture(1);
    socket().picture(2, true);
    expect(Decoder.made).toHaveLength(2);
    expect(decoder().configs[0]).toMatchObject({ hardwareAcceleration: 'prefer-software' });
    decoder().work();
    expect(painted).toEqual([2 * 40_000]);
    for (let i = 3; i < 8; i++) {
      socket().picture(i, true);
      decoder().callbacks.error(new Error('lost'));
    }
    expect(player.status).toMatchObject({ connection: 'refused', refusal: 'codec' });
    expect(socket().closed).toBe(true);
  });

  it('says that it cannot decode a codec instead of showing nothing', async () => {
    Decoder.supported = false;
    const { unsupported } = await connected();
    socket().picture(0, true);
    expect(unsupported()).toBe(true);
    expect(Decoder.made).toHaveLength(0);
  });

  it('connects again after a break, longer after each, and counts anew', async () => {
    const { player, painted } = await connected();
    socket().picture(0, true);
    decoder().work();
    socket().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(0);
    expect(player.status.connection).toBe('waiting');
    await vi.advanceTimersByTimeAsync(200);
    expect(Socket.opened).toHaveLength(2);
    socket().onopen?.();
    socket().say(format);
    await vi.advanceTimersByTimeAsync(0);
    socket().picture(0, true);
    decoder().work();
    expect(painted).toHaveLength(2);
    player.stop();
    expect(socket().closed).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.opened).toHaveLength(2);
  });

  it('does not take the last pictures of a camera that has long stopped for the present', async () => {
    const { player } = begin();
    socket().onopen?.();
    socket().say({ type: 'state', state: 'stalled', ageMs: 600_000 });
    socket().say(format);
    await vi.advanceTimersByTimeAsync(0);
    socket().picture(0, true);
    decoder().work();
    expect(player.status.shown).toBe(1);
    expect(pictureState(player.status, performance.now())).toBe('stale');
    expect(pictureAgeMs(player.status, performance.now())).toBeGreaterThanOrEqual(600_000);
  });

  it('does not knock again where it is forbidden to look', async () => {
    const { player } = begin(async () => 'forbidden');
    socket().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(player.status).toMatchObject({ connection: 'refused', refusal: 'forbidden' });
    expect(Socket.opened).toHaveLength(1);
  });
});
