import { expect } from 'chai';
import { LogOuts } from '../../../../server/session/log-outs.js';
import { SessionRegistry } from '../../../../server/session/session-registry.js';
import type { SessionHost } from '../../../../server/session/session-host.js';
import { Session } from '../../../../server/session/session.js';
import { TurnFlusher } from '../../../../server/session/turn-flusher.js';
import type { DeviceId, SessionId, UserId } from '../../../../shared/domain/ids.js';
import { ChatError } from '../../../../shared/errors/chat-error.js';
import { CLOSE_CODES } from '../../../../shared/protocol/close-codes.js';
import { settle } from '../../../support/fake-clock.js';

const device = (n: number): DeviceId => `0K3D00000000${n}` as DeviceId;
const codeOf = (asked: Promise<void>): Promise<string> =>
  asked.then(
    () => 'let in',
    (error: unknown) => (error as ChatError).code,
  );

describe('whether devices that connect were logged out', () => {
  it('is asked once for all of a turn', async () => {
    const asked: (readonly DeviceId[])[] = [];
    const revokedAmong = (deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>> => {
      asked.push(deviceIds);
      return Promise.resolve(new Set([device(2)]));
    };
    const logOuts = new LogOuts({ revokedAmong });
    const outcomes = [1, 2, 3].map((n) => codeOf(logOuts.refuse(device(n))));
    expect(await Promise.all(outcomes)).to.deep.equal(['let in', 'SESSION_REVOKED', 'let in']);
    expect(asked).to.deep.equal([[device(1), device(2), device(3)]]);
  });

  it('lets nobody in who cannot be asked about', async () => {
    const logOuts = new LogOuts({ revokedAmong: () => Promise.reject(new ChatError('UNAVAILABLE')) });
    expect(await Promise.all([1, 2].map((n) => codeOf(logOuts.refuse(device(n)))))).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
  });

  it('is of no use to a log-out that comes after the answer: it finds whoever is about to be let in', async () => {
    const registry = new SessionRegistry();
    const closed: number[] = [];
    const letIn: string[] = [];
    const connection = {
      transport: 'websocket' as const,
      remoteAddress: '127.0.0.1',
      bufferedBytes: 0,
      send: () => undefined,
      close: ({ code }: { readonly code: number }) => closed.push(code),
    };
    const host: Partial<SessionHost> = {
      flusher: new TurnFlusher(),
      now: () => 0,
      identify: () => Promise.resolve({ userId: '0K3V000000001' as UserId, deviceId: device(1) }),
      // For ever on its way to the directory.
      admit: () => new Promise(() => undefined),
      opened: ({ id }) => letIn.push(id),
      ended: (ended, how) => registry.forget(ended, how),
    };
    const session = new Session({ id: 's' as SessionId, connection, host: host as SessionHost, now: 0 });
    registry.track(session);
    session.received(Buffer.from('{"type":"connect","version":1,"token":"t"}'));
    await settle();
    registry.closeDevices([device(1)], CLOSE_CODES.SESSION_REVOKED);
    expect([closed, letIn, registry.size]).to.deep.equal([[CLOSE_CODES.SESSION_REVOKED.code], [], 0]);
  });
});
