import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('./preferences.svelte', () => ({ preferences: { shortcuts: true } }));

const { shortcuts } = await import('./shortcuts.svelte');

const off: (() => void)[] = [];

function press(key: string, repeat = false): boolean {
  const event = { key, repeat, defaultPrevented: false, target: null, preventDefault: vi.fn() };
  shortcuts.handle(event as unknown as KeyboardEvent);
  return event.preventDefault.mock.calls.length > 0;
}

beforeEach(() => vi.stubGlobal('HTMLElement', class {}));
afterEach(() => {
  for (const end of off.splice(0)) end();
  vi.unstubAllGlobals();
});

describe('a key that is held', () => {
  it('is one act, and never its own second press', () => {
    const recall = vi.fn();
    off.push(shortcuts.add({ F9: recall }));
    expect([press('F9'), press('F9', true), press('F9', true)]).toEqual([true, true, true]);
    expect(recall).toHaveBeenCalledOnce();
    press('F9');
    expect(recall).toHaveBeenCalledTimes(2);
  });

  it('goes on where it only goes a step further', () => {
    const down = vi.fn();
    off.push(shortcuts.add({ ArrowDown: down, j: down }));
    for (const key of ['ArrowDown', 'j']) for (const repeat of [false, true, true]) press(key, repeat);
    expect(down).toHaveBeenCalledTimes(6);
  });
});
