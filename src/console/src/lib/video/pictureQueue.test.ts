import { describe, expect, it } from 'vitest';
import { inDecoder, PictureQueue } from './pictureQueue';
import type { CodedPicture } from './wire';

const picture = (sequence: number, change: Partial<CodedPicture> = {}): CodedPicture => ({
  sequence, isKey: false, isDiscontinuous: false, isDamaged: false, ptsUs: sequence * 40_000, capturedAtMs: null, receivedAtMs: 0, data: new Uint8Array([1]), ...change,
});
const key = (sequence: number): CodedPicture => picture(sequence, { isKey: true });

function drain(queue: PictureQueue): number[] {
  const taken: number[] = [];
  for (let next = queue.take(); next; next = queue.take()) taken.push(next.sequence);
  return taken;
}

describe('the queue before the decoder', () => {
  it('begins with a key picture', () => {
    const queue = new PictureQueue();
    for (const next of [picture(0), picture(1), key(2), picture(3)]) queue.offer(next);
    expect(drain(queue)).toEqual([2, 3]);
    expect(queue.dropped).toBe(2);
  });

  it('decodes nothing over a hole, and goes on with the next key picture', () => {
    const queue = new PictureQueue();
    for (const next of [key(0), picture(1), picture(4), picture(5)]) queue.offer(next);
    expect(drain(queue)).toEqual([0, 1]);
    queue.offer(key(6));
    queue.offer(picture(7));
    expect(drain(queue)).toEqual([6, 7]);
  });

  it('waits for a key picture where the source itself lost some', () => {
    const queue = new PictureQueue();
    for (const next of [key(0), picture(1, { isDiscontinuous: true }), picture(2), key(3)]) queue.offer(next);
    expect(drain(queue)).toEqual([0, 3]);
  });

  it('shows a damaged picture rather than none', () => {
    const queue = new PictureQueue();
    for (const next of [key(0), picture(1, { isDamaged: true }), picture(2)]) queue.offer(next);
    expect(drain(queue)).toEqual([0, 1, 2]);
  });

  it('jumps to the newest key picture when it is behind, and only then', () => {
    const behind = new PictureQueue();
    for (let i = 0; i <= inDecoder + 2; i++) behind.offer(i === 0 ? key(0) : picture(i));
    behind.offer(key(inDecoder + 3));
    expect(drain(behind)).toEqual([inDecoder + 3]);

    const inTime = new PictureQueue();
    for (const next of [key(0), picture(1), key(2)]) inTime.offer(next);
    expect(drain(inTime)).toEqual([0, 1, 2]);
  });

  it('takes the whole backlog of a viewer who comes late, but not without end', () => {
    const queue = new PictureQueue();
    for (let i = 0; i < 400; i++) queue.offer(i === 0 ? key(0) : picture(i));
    expect(queue.length).toBe(0);
    expect(queue.wantsKey).toBe(true);
    expect(queue.dropped).toBe(400);
  });

  it('counts on when the sequence wraps, and anew with a new connection', () => {
    const queue = new PictureQueue();
    queue.offer(key(0xffffffff));
    queue.offer(picture(0));
    expect(drain(queue)).toEqual([0xffffffff, 0]);
    queue.restart();
    queue.offer(key(0));
    queue.offer(picture(1));
    expect(drain(queue)).toEqual([0, 1]);
  });

  it('never hands out a picture whose predecessors it dropped, whatever comes', () => {
    let seed = 20261128;
    const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
    for (let run = 0; run < 200; run++) {
      const queue = new PictureQueue();
      let sequence = 0;
      let last: number | null = null;
      for (let i = 0; i < 200; i++) {
        if (random() < 0.05) sequence += 1 + Math.floor(random() * 5);
        queue.offer(picture(sequence++, { isKey: random() < 0.08, isDiscontinuous: random() < 0.03 }));
        if (random() < 0.1) queue.reset();
        for (let take = Math.floor(random() * 3); take > 0; take--) {
          const next = queue.take();
          if (!next) break;
          expect(next.isKey || next.sequence === last! + 1).toBe(true);
          last = next.sequence;
        }
      }
    }
  });
});
