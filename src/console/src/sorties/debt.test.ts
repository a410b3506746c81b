import { expect, it } from 'vitest';
import { mayBeSettledBy } from './debt';

it('a flight’s purpose is owed by who launched it, and an administrator may answer for anybody', () => {
  const debt = { person: 'user:wang', state: 'open' } as const;
  expect(mayBeSettledBy(debt, { userName: 'wang', roles: ['pilot'] })).toBe(true);
  expect(mayBeSettledBy(debt, { userName: 'liu', roles: ['pilot'] })).toBe(false);
  expect(mayBeSettledBy(debt, { userName: 'liu', roles: ['admin'] })).toBe(true);
  expect(mayBeSettledBy({ ...debt, person: null }, { userName: 'liu', roles: ['pilot'] })).toBe(true);
  expect(mayBeSettledBy({ ...debt, person: null }, { userName: 'liu', roles: ['dispatcher'] })).toBe(false);
  expect(mayBeSettledBy({ ...debt, state: 'settled' }, { userName: 'wang', roles: ['pilot', 'admin'] })).toBe(false);
});
