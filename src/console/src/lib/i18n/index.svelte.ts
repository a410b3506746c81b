import { preferences } from '../preferences.svelte';
import { inChinese } from './serverText';
import type { Key } from './words';
import { first } from './words/first';
import type { Words } from './words/words';

export type { Key };

// Those of the other pages are added before the first of them is shown.
const words: Words = { ...first };

/** Adds the texts of the pages that come later. */
export async function addLaterWords(): Promise<void> {
  Object.assign(words, (await import('./words/later')).later);
}

/** The words for a key in the language chosen now; `{name}` is replaced from the parameters. Reading it in a template re-renders on a switch. */
export function t(key: Key, parameters?: Record<string, string | number>): string {
  const text = words[key]?.[preferences.language === 'zh-CN' ? 0 : 1] ?? key;
  return parameters ? fill(text, parameters) : text;
}

export function fill(text: string, parameters: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in parameters ? String(parameters[name]) : whole));
}

/** The words for a value that comes from the server, such as a mode or a state; a value without words is shown as it came. */
export function term(prefix: string, value: string | null | undefined): string {
  if (!value) return '';
  const key = `${prefix}.${value}`;
  return key in words ? t(key as Key) : value;
}

/** A sentence of the server in the language chosen; empty where it said nothing. */
export function said(text: string | null | undefined): string {
  if (!text) return '';
  const readable = text.replace(notReady, (_, issues: string) => `It is not ready: ${issues.split(', ').map((issue) => term('ready', issue.charAt(0).toLowerCase() + issue.slice(1))).join(', ')}.`);
  return preferences.language === 'zh-CN' ? inChinese(readable) : readable;
}

const notReady = /It is not ready: ([A-Za-z0-9, ]+)\./g;

/** A named thing of the city in the language chosen, Chinese where there is no English. */
export function placeName(properties: Record<string, unknown> | null | undefined): string {
  const chinese = text(properties, 'name', 'nameZh', 'name_zh', 'name:zh');
  const english = text(properties, 'nameEn', 'name_en', 'name:en');
  return (preferences.language === 'en' ? english || chinese : chinese || english) || text(properties, 'id', 'code');
}

function text(properties: Record<string, unknown> | null | undefined, ...names: string[]): string {
  for (const name of names) {
    const value = properties?.[name];
    if (typeof value === 'string' && value) return value;
  }
  return '';
}
