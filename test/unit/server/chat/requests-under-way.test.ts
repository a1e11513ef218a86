import { expect } from 'chai';
import { ChatServer, type ChatServerDeps } from '../../../../server/chat-server.js';
import type { Session } from '../../../../server/session/session.js';
import { createMetrics } from '../../../../shared/adapters/prometheus/metrics.js';
import type { ServerId } from '../../../../shared/domain/ids.js';
import type { ChatError } from '../../../../shared/errors/chat-error.js';
import { systemClock } from '../../../../shared/runtime/clock.js';
import { settle } from '../../../support/fake-clock.js';
import { SilentLogger } from '../../../support/silent-logger.js';

describe('syncs of one session', () => {
  const heard: string[] = [];
  const sessionOf = (name: string): Session =>
    ({
      identity: { userId: name, deviceId: name },
      send: ({ type }: { readonly type: string }) => heard.push(`${name}: ${type}`),
      sendError: ({ code }: ChatError, { requestId }: { readonly requestId: string }) => heard.push(`${name}: ${code} ${requestId}`),
    }) as unknown as Session;

  it('are four at one time: another one is refused for now, and other sessions do not mind', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const deps = {
      metrics: createMetrics({}),
      logger: new SilentLogger(),
      clock: systemClock,
      caches: { refresh: () => answered, members: { getMany: () => Promise.resolve([]) } },
      timeline: { sync: () => Promise.resolve([]) },
    };
    const options = { serverId: 's1' as ServerId, heartbeat: { intervalMs: 1, timeoutMs: 1 }, sendsPerSecond: 50, outboxBytes: 65_536 };
    const server = new ChatServer(deps as unknown as ChatServerDeps, options);
    const [alice, bob] = [sessionOf('alice'), sessionOf('bob')];
    const sync = async (session: Session, requestId: string): Promise<void> => {
      server.handle(session, { type: 'sync', requestId, channels: [] });
      await settle();
    };
    for (const requestId of ['1', '2', '3', '4', '5']) await sync(alice, requestId);
    await sync(bob, '1');
    expect(heard.splice(0)).to.deep.equal(['alice: RATE_LIMITED 5']);
    answer();
    await settle();
    await sync(alice, '6');
    expect(heard.filter((text) => text === 'alice: synced')).to.have.length(5);
  });
});
