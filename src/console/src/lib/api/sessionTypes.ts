export type Role = 'pilot' | 'dispatcher' | 'auditor' | 'admin' | 'integration';

export interface Session {
  userName: string;
  displayName: string;
  role: Role;
  roles: Role[];
  antiforgeryToken: string;
}
