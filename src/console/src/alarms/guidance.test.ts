import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { words } from '$lib/i18n/words';
import { guidance } from './guidance';

const catalog = readFileSync(new URL('../../../DroneOps.Server/Alarms/AlarmCatalog.cs', import.meta.url), 'utf8');
const codes = [...catalog.matchAll(/public const string \w+ = "(\w+)";/g)].map((match) => match[1]!);

describe('the guidance', () => {
  it('is there for every alarm that the server knows, and for no other', () => {
    expect(codes.length).toBeGreaterThan(10);
    expect(Object.keys(guidance).sort()).toEqual(codes.toSorted());
  });

  it.each(codes)('of %s says in both languages what it means, what to do and what comes of doing nothing', (code) => {
    for (const [chinese, english] of Object.values(guidance[code]!)) {
      expect(chinese).toMatch(/[\u4e00-\u9fff]{4}/);
      expect(english.length).toBeGreaterThan(12);
      expect(english).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it.each(codes)('of %s has a name in the list', (code) => {
    expect(Object.keys(words)).toContain(`alertCode.${code}`);
  });
});
