import { expect, test } from 'vitest';
import { standing } from './approval';

test('an approval holds from its first moment to the one before its last', () => {
  const span = { from: '2026-05-01T00:00:00+08:00', to: '2026-06-01T00:00:00+08:00' };
  const at = (text: string): string => standing(span, Date.parse(text));
  expect(at('2026-04-30T23:59:59+08:00')).toBe('waits');
  expect(at('2026-05-01T00:00:00+08:00')).toBe('holds');
  expect(at('2026-05-31T15:59:59Z')).toBe('holds');
  expect(at('2026-05-31T16:00:00Z')).toBe('over');
});
