import { expect } from 'chai';
import { SessionRegistry } from '../../../../server/session/session-registry.js';
import type { SessionHost } from '../../../../server/session/session-host.js';
import { Session } from '../../../../server/session/session.js';
import { TurnFlusher } from '../../../../server/session/turn-flusher.js';
import type { DeviceId, SessionId, UserId } from '../../../../shared/domain/ids.js';
import { CLOSE_CODES } from '../../../../shared/protocol/close-codes.js';
import { settle } from '../../../support/fake-clock.js';

const device = (n: number): DeviceId => `0K3D00000000${n}` as DeviceId;

describe('a session that is let in', () => {
  it('is found by a log-out, though it is still on its way to the directory', async () => {
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
