import { serverSentences } from './serverSentences';

interface Rule {
  pattern: RegExp;
  chinese: string;
}

const slot = /\{(\d)\}/g;

// The longest first: a short sentence may be the end of a long one.
const rules: readonly Rule[] = serverSentences
  .toSorted(([one], [other]) => other.length - one.length)
  .map(([english, chinese]) => ({ pattern: new RegExp(patternOf(english), 'g'), chinese }));

/** What the server said, in Chinese where its sentences are known; an unknown one stays as it came rather than being lost. */
export function inChinese(text: string): string {
  return rules.reduce((said, { pattern, chinese }) => said.replace(pattern, (...match: string[]) => chinese.replace(slot, (_, index: string) => match[Number(index) + 1] ?? '')), text);
}

/** Names and numbers are whatever stands in their place, up to the end of a sentence. */
function patternOf(english: string): string {
  return english.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{\d\\\}/g, '(.+?)').replace(/\(\.\+\?\)$/, '(.+)');
}
