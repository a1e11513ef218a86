import { expect } from 'chai';
import { MemoryDirectory } from '../../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../../shared/adapters/memory/invalidation-log.js';
import { MemoryServerRegistry } from '../../../shared/adapters/memory/server-registry.js';
import type { DeviceId, ServerId, SessionId, UserId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import type { Route } from '../../../shared/ports/index.js';
import { SessionRoutes, type RoutedSession } from '../../../server/routing/session-routes.js';
import { SilentLogger } from '../../support/silent-logger.js';

const identity = { userId: '0K3V000000001' as UserId, deviceId: '0K3D000000001' as DeviceId };

describe('the routes of a server’s sessions', () => {
  /** Calls of the directory, each with how many routes; answered when the test says so. */
  let calls: { readonly name: 'register' | 'unregister'; readonly sessions: readonly string[]; readonly answer: (error?: Error) => void }[];
  let routes: SessionRoutes;

  beforeEach(() => {
    calls = [];
    const directory = new MemoryDirectory({ registry: new MemoryServerRegistry(), invalidations: new MemoryInvalidationLog() });
    const call = (name: 'register' | 'unregister') => (of: readonly Route[]) =>
      new Promise<void>((resolve, reject) => {
        const answer = (error?: Error): void => (error === undefined ? resolve() : reject(error));
        calls.push({ name, sessions: of.map(({ sessionId }) => sessionId), answer });
      });
    Object.assign(directory, { register: call('register'), unregister: call('unregister') });
    routes = new SessionRoutes({ directory, logger: new SilentLogger(), serverId: 'server1' as ServerId, incarnation: 'i1' });
  });

  const session = (n: number): RoutedSession => ({ id: `s${n}` as SessionId, identity });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('that could not be removed are removed later', async () => {
    routes.remove(session(1));
    await turn();
    calls[0]?.answer(new ChatError('UNAVAILABLE'));
    await turn();
    const later = routes.removeStale();
    calls[1]?.answer();
    await later;
    expect(calls.map(({ name, sessions }) => [name, ...sessions])).to.deep.equal([
      ['unregister', 's1'],
      ['unregister', 's1'],
    ]);
  });

  it('that cannot be removed yet are 50,000 under way and 50,000 for later, removed in steps: the oldest is left to the lease', () => {
    for (let n = 0; n < 100_001; n++) routes.remove(session(n));
    void routes.removeStale();
    expect([calls[0]?.sessions.length, calls[0]?.sessions[0]]).to.deep.equal([500, 's50001']);
  });
});
