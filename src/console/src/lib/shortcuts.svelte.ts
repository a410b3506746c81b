import { preferences } from './preferences.svelte';

type Act = () => unknown;

/** These write nothing into a field. */
const whileTyping = new Set(['Escape', 'Ctrl+Enter', 'F2', 'F4', 'F8', 'F9', 'F10']);

/** These go a step further, and on as long as they are held. */
const steps = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'j', 'k', 'l', ',', '.', '+', '-', 'Ctrl+z', 'Ctrl+y', 'Ctrl+Shift+z', 'Ctrl+Shift+Z']);

/** Single keys for what is done often. Pages add theirs while they are open; typing in a field is never taken for one. */
class Shortcuts {
  readonly #layers: Record<string, Act>[] = [];

  add(keys: Record<string, Act>): () => void {
    this.#layers.push(keys);
    return () => {
      const index = this.#layers.indexOf(keys);
      if (index >= 0) this.#layers.splice(index, 1);
    };
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const name = `${control ? 'Ctrl+' : ''}${control && event.shiftKey ? 'Shift+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
    const typing = event.target instanceof HTMLElement && event.target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]') !== null;
    const inDialog = event.target instanceof HTMLElement && event.target.closest('[role="dialog"], [role="alertdialog"]') !== null;
    if ((typing || inDialog) && !whileTyping.has(name)) return;
    if (inDialog) return;
    if (!control && name.length === 1 && !preferences.shortcuts) return;
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const act = this.#layers[i]![name];
      if (act) {
        event.preventDefault();
        // A key that is held is one act of the hand: it must not be its own second press.
        if (!event.repeat || steps.has(name)) act();
        return;
      }
    }
  }
}

export const shortcuts = new Shortcuts();
