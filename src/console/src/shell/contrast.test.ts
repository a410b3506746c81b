import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/* WCAG 2.2: 4.5:1 for text (1.4.3), 3:1 for the outlines of controls and for symbols (1.4.11). */

const sheet = readFileSync(new URL('../app.css', import.meta.url), 'utf8');

function tokens(theme: 'dark' | 'light'): Map<string, string> {
  const start = sheet.indexOf(`[data-theme='${theme}'] {`);
  const block = sheet.slice(start, sheet.indexOf('}', start));
  return new Map([...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/gi)].map((match) => [match[1]!, match[2]!]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const surfaces = ['--ground', '--surface', '--surface-2', '--surface-3'];
const texts = ['--text', '--text-2', '--text-3', '--stale'];
const onSoft = ['accent', 'warning', 'caution', 'advisory', 'normal'];

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  const colours = tokens(theme);
  const get = (name: string): string => {
    const colour = colours.get(name);
    if (!colour) throw new Error(`${theme} lacks ${name}`);
    return colour;
  };

  it.each(texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)))('has %s readable on %s', (text, surface) => {
    expect(contrast(get(text), get(surface))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(onSoft)('has %s readable on its own tint and on panels', (name) => {
    expect(contrast(get(`--${name}`), get(`--${name}-soft`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(get(`--${name}`), get('--surface'))).toBeGreaterThanOrEqual(4.5);
  });

  it('has readable filled buttons', () => {
    expect(contrast(get('--on-accent'), get('--accent-strong'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast('#ffffff', get('--warning-strong'))).toBeGreaterThanOrEqual(4.5);
  });

  it('outlines controls and the focus clearly', () => {
    for (const surface of ['--surface', '--surface-2']) {
      expect(contrast(get('--line-control'), get(surface))).toBeGreaterThanOrEqual(3);
      expect(contrast(get('--focus'), get(surface))).toBeGreaterThanOrEqual(3);
    }
  });
});
