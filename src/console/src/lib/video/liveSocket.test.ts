import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveSocket } from './liveSocket';
import type { Refusal } from './status';

class Socket {
  static readonly opened: Socket[] = [];
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) { Socket.opened.push(this); }
  close(): void { /* Nothing more comes. */ }
}

const last = (): Socket => Socket.opened.at(-1)!;
const state = { data: JSON.stringify({ type: 'state', state: 'closing', ageMs: null }) };

function begin(): { socket: LiveSocket; told: string[]; answers: (refusal: Refusal | null) => void } {
  const told: string[] = [];
  let answer: Refusal | null = null;
  const socket = new LiveSocket('ws://server/live', {
    onmessage: () => undefined, onbinary: () => undefined, whyRefused: async () => answer,
    onconnection: (connection, refusal) => told.push(refusal ?? connection),
  });
  socket.start();
  return { socket, told, answers: (refusal) => (answer = refusal) };
}

beforeEach(() => {
  vi.useFakeTimers();
  Socket.opened.length = 0;
  vi.stubGlobal('WebSocket', Socket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the connection of a viewer', () => {
  it('asks less and less often for a stream that speaks and ends at once, and soon again for one that has shown pictures', async () => {
    begin();
    const endsAtOnce = async (before: () => void): Promise<void> => {
      last().onopen?.();
      before();
      last().onclose?.({ code: 1000 });
      await vi.advanceTimersByTimeAsync(0);
    };
    for (let time = 0; time < 6; time++) {
      await endsAtOnce(() => last().onmessage?.(state));
      await vi.advanceTimersByTimeAsync(5000);
    }
    const opened = Socket.opened.length;
    await endsAtOnce(() => last().onmessage?.(state));
    await vi.advanceTimersByTimeAsync(2000);
    expect(Socket.opened).toHaveLength(opened);
    await vi.advanceTimersByTimeAsync(3000);
    expect(Socket.opened).toHaveLength(opened + 1);
    await endsAtOnce(() => last().onmessage?.({ data: new ArrayBuffer(40) }));
    await vi.advanceTimersByTimeAsync(200);
    expect(Socket.opened).toHaveLength(opened + 2);
  });

  it('asks for a stream that is not known now and then, and opens it when it is there again', async () => {
    const { told, answers } = begin();
    answers('gone');
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.opened).toHaveLength(1);
    expect(new Set(told.slice(1))).toEqual(new Set(['gone']));
    answers(null);
    await vi.advanceTimersByTimeAsync(13_000);
    expect(Socket.opened).toHaveLength(2);
    expect(told.at(-1)).toBe('connecting');
  });

  it('asks no more once nobody looks', async () => {
    const { socket, told, answers } = begin();
    answers('gone');
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(1000);
    socket.stop();
    answers(null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.opened).toHaveLength(1);
    expect(told).toEqual(['connecting', 'gone']);
  });
});
