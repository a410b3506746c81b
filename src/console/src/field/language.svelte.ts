import { words, type FieldKey } from './words';

const storedAt = 'droneops.field.language';

class Language {
  #english = $state(read());

  get english(): boolean { return this.#english; }

  get tag(): 'zh-CN' | 'en' { return this.#english ? 'en' : 'zh-CN'; }

  toggle(): void {
    this.#english = !this.#english;
    try {
      localStorage.setItem(storedAt, this.tag);
    } catch {
      // A phone in private mode keeps nothing; the choice holds for this page.
    }
  }
}

/** Chinese, unless the officer has chosen otherwise. */
function read(): boolean {
  try {
    return localStorage.getItem(storedAt) === 'en';
  } catch {
    return false;
  }
}

export const language = new Language();

export function t(key: FieldKey, parameters: Record<string, string | number> = {}): string {
  return words[key][language.english ? 1 : 0].replace(/\{(\w+)\}/g, (whole, name: string) => (name in parameters ? String(parameters[name]) : whole));
}

export function clockTime(at: string): string {
  return new Date(at).toLocaleTimeString('zh-CN', { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** A stretch of time as a thumb reads it: 45 s, 3 min 10 s, 2 h. */
export function stretch(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [s, min, h] = language.english ? [' s', ' min', ' h'] : ['秒', '分', '小时'];
  if (whole < 60) return `${whole}${s}`;
  if (whole < 600 && whole % 60 > 0) return `${Math.floor(whole / 60)}${min}${language.english ? ' ' : ''}${whole % 60}${s}`;
  return whole < 7200 ? `${Math.round(whole / 60)}${min}` : `${Math.round(whole / 3600)}${h}`;
}
