import type { ConnectionState } from '../../client/mod.js';
import type { Screen } from './screen.js';

const STOPPED = {
  closed: 'disconnected',
  'logged-out': 'logged out',
  revoked: 'this device has been logged out; start again to log in',
  unauthenticated: 'the server does not accept this login any more; start again',
  refused: 'the server refuses this client',
} as const;

/** Says where one is connected, and what happens when one is not. The same thing is said once. */
export function followConnection(screen: Screen): (state: ConnectionState) => void {
  let last = '';
  return (state) => {
    const text = describe(screen, state);
    if (text === undefined || text === last) return;
    last = text;
    screen.print(text);
  };
}

function describe(screen: Screen, state: ConnectionState): string | undefined {
  switch (state.status) {
    case 'online':
      return screen.style('green', `● online on ${state.serverId}`);
    case 'waiting':
      return screen.style('yellow', '○ not connected; trying again');
    case 'draining':
      return screen.style('yellow', `◐ ${state.serverId} is shutting down; moving to another server`);
    case 'stopped':
      return state.reason === 'closed' ? undefined : screen.style('red', `○ ${STOPPED[state.reason]}`);
    default:
      return undefined;
  }
}
