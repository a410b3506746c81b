import { readStored, writeStored } from './stored';

export type Theme = 'dark' | 'light';
export type Language = 'zh-CN' | 'en';

/** What one person at one browser has chosen. Applied to the document at once, remembered for next time. */
class Preferences {
  #theme = $state<Theme>(readStored('theme') === 'light' ? 'light' : 'dark');
  #language = $state<Language>(readStored('language') === 'en' ? 'en' : 'zh-CN');
  #shortcuts = $state(readStored('shortcuts') !== 'off');
  #sound = $state(readStored('sound') === 'on');
  #layers = $state<Record<string, boolean>>(readLayers());

  constructor() {
    this.#show();

    // Paper is white, whatever the screen is.
    addEventListener('beforeprint', () => (document.documentElement.dataset['theme'] = 'light'));
    addEventListener('afterprint', () => this.#show());
  }

  get theme(): Theme { return this.#theme; }
  set theme(value: Theme) {
    this.#theme = value;
    writeStored('theme', value);
    this.#show();
  }

  get language(): Language { return this.#language; }
  set language(value: Language) {
    this.#language = value;
    writeStored('language', value);
    this.#show();
  }

  /** Single-key shortcuts can be switched off (WCAG 2.2, 2.1.4). */
  get shortcuts(): boolean { return this.#shortcuts; }
  set shortcuts(value: boolean) {
    this.#shortcuts = value;
    writeStored('shortcuts', value ? 'on' : 'off');
  }

  get sound(): boolean { return this.#sound; }
  set sound(value: boolean) {
    this.#sound = value;
    writeStored('sound', value ? 'on' : 'off');
  }

  layer(name: string): boolean {
    return this.#layers[name] ?? true;
  }

  setLayer(name: string, shown: boolean): void {
    this.#layers = { ...this.#layers, [name]: shown };
    writeStored('layers', JSON.stringify(this.#layers));
  }

  #show(): void {
    document.documentElement.dataset['theme'] = this.#theme;
    document.documentElement.lang = this.#language;
  }
}

function readLayers(): Record<string, boolean> {
  // Grids cover the whole town with lines: shown when asked for.
  const usual = { grids: false };
  try {
    return { ...usual, ...(JSON.parse(readStored('layers') ?? '{}') as Record<string, boolean>) };
  } catch {
    return usual;
  }
}

export const preferences = new Preferences();
