import { describe, expect, it } from 'vitest';
import { words } from './words';

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

describe('the words', () => {
  it.each(Object.entries(words))('%s is there in both languages, with the same places to fill', (_, [chinese, english]) => {
    expect(chinese.trim()).not.toBe('');
    expect(english.trim()).not.toBe('');
    expect(placeholders(english)).toEqual(placeholders(chinese));
  });

  it('leave no Chinese in the English', () => {
    const mixed = Object.entries(words).filter(([, [, english]]) => /[\u4e00-\u9fff]/.test(english));
    expect(mixed.map(([key]) => key)).toEqual([]);
  });
});
