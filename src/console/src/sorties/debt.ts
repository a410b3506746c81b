import type { Debt, Session } from '$lib/api/types';

/** Who launched a flight answers for it, or an administrator; for one that nobody is known to have launched, whoever may fly. The server decides. */
export function mayBeSettledBy(debt: Pick<Debt, 'person' | 'state'>, user: Pick<Session, 'userName' | 'roles'>): boolean {
  if (debt.state === 'settled' || !user.roles.some((role) => role === 'pilot' || role === 'admin')) return false;
  return user.roles.includes('admin') || debt.person === null || debt.person === `user:${user.userName}`;
}
