import { describe, expect, it } from 'vitest';
import { ShownPictures } from './shownPictures';
import { pictureAgeMs, pictureState, type PictureState, type PlayerStatus } from './status';

function begin(): { shown: ShownPictures; told: PlayerStatus[]; picture: () => void; pass: (ms: number) => void; seen: () => [PictureState, number | null] } {
  let now = 1_000_000;
  const told: PlayerStatus[] = [];
  const shown = new ShownPictures((status) => told.push(status), () => now);
  shown.change({ connection: 'open' });
  return {
    shown, told,
    picture: () => shown.show(640, 360, null, 'arrival', false, 0),
    pass: (ms) => (now += ms),
    seen: () => [pictureState(shown.status, now), pictureAgeMs(shown.status, now)],
  };
}

describe('the age of what is shown', () => {
  it('is that of the stream where it had stopped before somebody came, never that of this page', () => {
    const { shown, picture, pass, seen } = begin();
    shown.hear({ type: 'state', state: 'stalled', ageMs: 600_000 });
    expect(seen()).toEqual(['waiting', null]);
    picture();
    pass(500);
    picture();
    expect(seen()).toEqual(['stale', 600_500]);
  });

  it('is corrected at once when the stream says that it has stopped', () => {
    const { shown, told, picture, pass, seen } = begin();
    shown.hear({ type: 'state', state: 'live', ageMs: 20 });
    picture();
    pass(500);
    expect(seen()).toEqual(['live', 500]);
    shown.hear({ type: 'state', state: 'stalled', ageMs: 5_000 });
    expect(seen()).toEqual(['stale', 5_000]);
    expect(told.at(-1)).toMatchObject({ stream: 'stalled' });
  });

  it('stays what it was until a new picture is shown, whatever the stream says by then', () => {
    const { shown, picture, pass, seen } = begin();
    shown.hear({ type: 'state', state: 'stalled', ageMs: 60_000 });
    picture();
    shown.hear({ type: 'state', state: 'live', ageMs: 0 });
    expect(seen()).toEqual(['stale', 60_000]);
    picture();
    pass(40);
    expect(seen()).toEqual(['live', 40]);
  });

  it('counts from when it was shown where the stream says no age, and where that was before the stream stopped', () => {
    const { shown, picture, pass, seen } = begin();
    shown.hear({ type: 'state', state: 'connecting', ageMs: null });
    picture();
    pass(4_000);
    shown.hear({ type: 'state', state: 'stalled', ageMs: 1_000 });
    expect(seen()).toEqual(['stale', 4_000]);
  });
});
