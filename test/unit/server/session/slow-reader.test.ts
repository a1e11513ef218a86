import { expect } from 'chai';
import { Session } from '../../../../server/session/session.js';
import type { SessionHost } from '../../../../server/session/session-host.js';
import { TurnFlusher } from '../../../../server/session/turn-flusher.js';
import type { DeviceId, SessionId, UserId } from '../../../../shared/domain/ids.js';
import { linesLength } from '../../../../shared/protocol/lines.js';
import { settle } from '../../../support/fake-clock.js';

const ALICE = { userId: '0K3V000000001' as UserId, deviceId: '0K3V000000002' as DeviceId };
const KIB = 1_024;
const bytes = (length: number): Uint8Array => Buffer.alloc(length, 'x');

/** A network that takes nothing but when it is told to. */
class FakeConnection {
  readonly transport = 'websocket';
  readonly remoteAddress = '127.0.0.1';
  readonly sent: number[] = [];
  bufferedBytes = 0;
  closedWith: number | undefined;

  send(frames: readonly Uint8Array[]): void {
    const bytes = linesLength(frames);
    this.sent.push(bytes);
    this.bufferedBytes += bytes;
  }

  close({ code }: { readonly code: number }): void {
    this.closedWith = code;
  }
}

describe('a session whose client', () => {
  let connection: FakeConnection;
  let session: Session;
  beforeEach(async () => {
    connection = new FakeConnection();
    const host = {
      flusher: new TurnFlusher(),
      outboxBytes: 1_024 * KIB,
      now: () => 0,
      identify: () => Promise.resolve(ALICE),
      admit: () => Promise.resolve(),
      hello: () => ({ type: 'hello' }),
      opened: () => undefined,
      ended: () => undefined,
    };
    session = new Session({ id: 's' as SessionId, connection, host: host as unknown as SessionHost, now: 0 });
    session.received(Buffer.from('{"type":"connect","version":1,"token":"t"}'));
    await settle();
    await settle();
    connection.bufferedBytes = 0;
    connection.sent.length = 0;
  });

  it('does not read is closed as too slow when its bound is reached, what its socket holds included', async () => {
    session.push(bytes(600 * KIB));
    await settle();
    session.push(bytes(400 * KIB));
    expect(connection.closedWith).to.equal(undefined);
    session.push(bytes(100 * KIB));
    expect(connection.closedWith).to.equal(4001);
  });

  it('reads again in time goes on, with everything', async () => {
    session.push(bytes(600 * KIB));
    await settle();
    session.push(bytes(400 * KIB));
    connection.bufferedBytes = 0;
    session.drained();
    expect(connection.closedWith).to.equal(undefined);
    expect(connection.sent).to.deep.equal([600 * KIB, 400 * KIB]);
  });

  it('reads slowly gets fewer, larger messages: while 128 KiB wait in its socket, the others gather', async () => {
    session.push(bytes(129 * KIB));
    await settle();
    for (let n = 0; n < 3; n++) {
      session.push(bytes(KIB));
      await settle();
    }
    expect(connection.sent).to.deep.equal([129 * KIB]);
    connection.bufferedBytes = 0;
    session.drained();
    expect(connection.sent).to.deep.equal([129 * KIB, 3 * KIB + 2]);
  });

  it('is sent one frame larger than the bound gets it', async () => {
    session.push(bytes(2_048 * KIB));
    await settle();
    expect(connection.sent).to.deep.equal([2_048 * KIB]);
  });

  it('makes a mistake is told so, and closed when it makes them without end', () => {
    for (let n = 0; n < 20; n++) session.received(Buffer.from('nonsense'));
    expect(connection.closedWith).to.equal(undefined);
    session.received(Buffer.from('nonsense'));
    expect(connection.closedWith).to.be.a('number');
  });
});
