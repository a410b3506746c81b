import { describe, expect, it } from 'vitest';
import type { Session, Vehicle } from '$lib/api/types';
import { userName } from '$lib/format/actor';
import { holdsControl, isOfferedTo } from './lease';

const pilot = { userName: 'pilot' } as Session;
const withControl = (control: Vehicle['control']): Vehicle => ({ control }) as Vehicle;

describe('the control lease', () => {
  it('is held by the person the audit log names', () => {
    expect(holdsControl(withControl({ holder: 'user:pilot', expiresAt: '', offeredTo: null }), pilot)).toBe(true);
    expect(holdsControl(withControl({ holder: 'token:pilot', expiresAt: '', offeredTo: null }), pilot)).toBe(false);
    expect(holdsControl(withControl(null), pilot)).toBe(false);
    expect(holdsControl(withControl({ holder: 'user:pilot', expiresAt: '', offeredTo: null }), null)).toBe(false);
  });

  it('is accepted only by the one it was offered to', () => {
    const offered = withControl({ holder: 'user:admin', expiresAt: '', offeredTo: 'user:pilot' });
    expect(isOfferedTo(offered, pilot)).toBe(true);
    expect(isOfferedTo(offered, { userName: 'admin' } as Session)).toBe(false);
  });

  it('shows people without the log’s prefix and machines with it', () => {
    expect(userName('user:pilot')).toBe('pilot');
    expect(userName('token:110-feed')).toBe('token:110-feed');
  });
});
