import { describe, expect, it } from 'vitest';
import { goneForMs, pauseMs } from './backOff';
import { chooseAfterRefusal, choosePlayer } from './choice';
import { LatencyMeter } from './latency';
import { stayAtEdge, trim } from './mseRules';
import { initialStatus, pictureState, staleAfterMs } from './status';

describe('the choice of a player', () => {
  it('is WebCodecs where it is to be had, else a media source, else an honest no', () => {
    expect(choosePlayer({ webCodecs: true, mediaSource: true, hls: true })).toEqual({ kind: 'pictures', recoded: false });
    expect(choosePlayer({ webCodecs: false, mediaSource: true, hls: true })).toEqual({ kind: 'mp4', recoded: false });
    expect(choosePlayer({ webCodecs: false, mediaSource: false, hls: true })).toEqual({ kind: 'hls', recoded: false });
    expect(choosePlayer({ webCodecs: false, mediaSource: false, hls: false })).toEqual({ kind: null, why: 'browser' });
  });

  it('falls back to the media stack for a codec that only it takes, then to H.264 from the server, then to an honest no', () => {
    const all = { webCodecs: true, mediaSource: true, hls: true };
    expect(chooseAfterRefusal(all, { recoded: false, takesMp4: true })).toEqual({ kind: 'mp4', recoded: false });
    expect(chooseAfterRefusal(all, { recoded: false, takesMp4: false })).toEqual({ kind: 'pictures', recoded: true });
    expect(chooseAfterRefusal({ ...all, webCodecs: false }, { recoded: false, takesMp4: false })).toEqual({ kind: 'mp4', recoded: true });
    expect(chooseAfterRefusal({ ...all, mediaSource: false }, { recoded: false, takesMp4: true })).toEqual({ kind: 'pictures', recoded: true });
    expect(chooseAfterRefusal(all, { recoded: true, takesMp4: true })).toEqual({ kind: null, why: 'codec' });
  });
});

describe('the live edge of a media source', () => {
  it('is jumped to at first and when far behind, and approached slowly else', () => {
    expect(stayAtEdge(0, { start: 100, end: 102 }, false)).toEqual({ seekTo: 101.95 });
    expect(stayAtEdge(101.9, { start: 100, end: 102 }, true)).toEqual({ rate: 1 });
    expect(stayAtEdge(101.5, { start: 100, end: 102 }, true)).toEqual({ rate: 1.1 });
    expect(stayAtEdge(100.5, { start: 100, end: 102 }, true)).toEqual({ seekTo: 101.95 });
    expect(stayAtEdge(50, { start: 100, end: 100.02 }, true)).toEqual({ seekTo: 100 });
    expect(stayAtEdge(7, null, false)).toEqual({ rate: 1 });
  });

  it('leaves a few seconds of the past behind it', () => {
    expect(trim(110, { start: 100, end: 111 })).toBeNull();
    expect(trim(116, { start: 100, end: 117 })).toEqual({ start: 100, end: 111 });
    expect(trim(116, null)).toBeNull();
  });
});

describe('the state of a picture', () => {
  const shown = { ...initialStatus, connection: 'open' as const, stream: 'live' as const, shownAt: 10_000 };

  it('is old after three seconds, whatever the connection says', () => {
    expect(pictureState(shown, 10_000 + staleAfterMs)).toBe('live');
    expect(pictureState(shown, 10_001 + staleAfterMs)).toBe('stale');
    expect(pictureState({ ...shown, connection: 'waiting' }, 11_000)).toBe('live');
    expect(pictureState({ ...shown, connection: 'waiting' }, 99_000)).toBe('stale');
  });

  it('names what is missing before the first picture', () => {
    expect(pictureState(initialStatus, 0)).toBe('connecting');
    expect(pictureState({ ...initialStatus, connection: 'open' }, 0)).toBe('waiting');
    expect(pictureState({ ...initialStatus, connection: 'open', stream: 'idle' }, 0)).toBe('idle');
    expect(pictureState({ ...initialStatus, connection: 'waiting' }, 0)).toBe('offline');
    expect(pictureState({ ...shown, connection: 'refused', refusal: 'forbidden' }, 10_000)).toBe('forbidden');
  });
});

describe('the latency', () => {
  it('is the median and the 95th of the last pictures', () => {
    const meter = new LatencyMeter(20);
    for (let i = 0; i < 40; i++) meter.add(i, 'capture');
    expect(meter.get()).toEqual({ p50Ms: 30, p95Ms: 39, from: 'capture' });
  });

  it('says nothing of too few pictures, of clocks that disagree, and mixes no two meanings', () => {
    const meter = new LatencyMeter();
    for (let i = 0; i < 4; i++) meter.add(20, 'capture');
    expect(meter.get()).toBeNull();
    meter.add(20, 'capture');
    expect(meter.get()?.p50Ms).toBe(20);
    for (let i = 0; i < 5; i++) meter.add(-5, 'arrival');
    expect(meter.get()).toBeNull();
    const apart = new LatencyMeter();
    for (let i = 0; i < 9; i++) apart.add(3_600_000, 'arrival');
    expect(apart.get()).toBeNull();
  });
});

describe('the pause before another attempt', () => {
  it('grows to five seconds and is never the same for all', () => {
    expect([0, 1, 2, 9].map((attempt) => pauseMs(attempt, 1))).toEqual([200, 400, 800, 5000]);
    expect(pauseMs(9, 0)).toBe(2500);
    expect([goneForMs(0), goneForMs(1)]).toEqual([7500, 12_500]);
  });
});
