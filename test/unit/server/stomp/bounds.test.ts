import { expect } from 'chai';
import { DecodedFrames } from '../../../../server/transport/stomp/decoded-frames.js';
import { STOMP_LIMITS } from '../../../../server/transport/stomp/stomp-transport.js';
import { StompConnection } from '../../../../server/transport/stomp/stomp-connection.js';
import { TimingWheel } from '../../../../server/transport/stomp/timing-wheel.js';
import { MemoryDeviceCursors } from '../../../../shared/adapters/memory/device-cursors.js';
import { formatId, ID_EPOCH_MS, type EventId } from '../../../../shared/domain/ids.js';
import type { ChannelStore } from '../../../../shared/ports/index.js';
import { settle } from '../../../support/fake-clock.js';
import { SilentLogger } from '../../../support/silent-logger.js';
import { wireFrame } from '../../../support/stomp-wire.js';

const CHANNEL = '0S9Z0RDTPHW00';
const NOW = ID_EPOCH_MS + 3_600_000;
type MyChannel = Awaited<ReturnType<ChannelStore['listForUser']>>[number];
const FIRST = formatId(ID_EPOCH_MS, 0, 0);
const idOf = (n: number): EventId => formatId(NOW + n, 0, 0) as EventId;

/** A store that takes cursors and never says that it has. */
class SlowCursors extends MemoryDeviceCursors {
  override move(): Promise<void> {
    return new Promise(() => undefined);
  }
}

describe('what one STOMP connection may leave undone', () => {
  let written: string;
  let closedWith: number | undefined;
  let asked: number;
  /** The user's channels: they take for ever. */
  let listed: ReturnType<ChannelStore['listForUser']>;
  let wheel: TimingWheel;
  let connection: StompConnection;

  beforeEach(() => {
    [written, closedWith, asked] = ['', undefined, 0];
    listed = new Promise(() => undefined);
    wheel = new TimingWheel({ now: () => 0 });
    connection = new StompConnection(
      {
        transport: 'websocket',
        remoteAddress: '127.0.0.1',
        bufferedBytes: 0,
        send: (frames) => void (written = Buffer.concat(frames).toString()),
        close: ({ code }) => void (closedWith = code),
      },
      {
        wheel,
        clock: { now: () => NOW, monotonic: () => 0 },
        decoded: new DecodedFrames(),
        cursors: new SlowCursors(),
        channels: {
          listForUser: () => {
            asked += 1;
            return listed;
          },
        },
        logger: new SilentLogger(),
        limits: STOMP_LIMITS,
        beats: { sends: 0, wants: 0 },
        pingMs: 18_000,
        graceMs: 150,
      },
    );
    connection.handler = { received: () => undefined, drained: () => undefined, closed: () => undefined };
    say('CONNECT', { 'accept-version': '1.2', passcode: 'a.b.c' });
    hear({ type: 'hello', version: 1, sessionId: 's', userId: 'u', deviceId: 'd' });
  });
  afterEach(() => wheel.stop());

  function say(...frame: Parameters<typeof wireFrame>): void {
    connection.received(Buffer.from(wireFrame(...frame)));
  }
  function hear(frame: object): void {
    connection.send([Buffer.from(JSON.stringify(frame))]);
  }
  function subscribe(ack: string, id = 's'): void {
    say('SUBSCRIBE', { id, destination: '/user/queue/messages', ack, ...(ack === 'auto' ? {} : { 'last-event-id': '' }) });
  }
  function hearMessages(from: number, to: number): void {
    const head = { type: 'message', channelId: CHANNEL, senderId: 'v', createdAt: '', content: '' };
    const frames = Array.from({ length: to - from + 1 }, (_, i) => {
      const n = from + i;
      return JSON.stringify({ ...head, id: idOf(n), prev: n === 1 ? FIRST : idOf(n - 1), clientId: `${n}` });
    });
    connection.send(frames.map((frame) => Buffer.from(frame)));
  }
  const expectEnd = (code: string, closeCode: number): void => {
    expect(written).to.include(`ERROR\ncode:${code}\n`);
    expect(closedWith).to.equal(closeCode);
  };

  it('a hundred subscriptions and no more', async () => {
    for (let n = 0; n < 100; n++) say('SUBSCRIBE', { id: `${n}`, destination: '/user/queue/receipts' });
    await settle();
    expect(closedWith).to.equal(undefined);
    say('SUBSCRIBE', { id: 'one more', destination: '/user/queue/receipts' });
    await settle();
    expectEnd('TOO_LARGE', 4504);
  });

  it('1,000 channels beside those of the subscription that follows the most', async () => {
    listed = Promise.resolve(Array.from({ length: 1_000 }, (_, n) => ({ id: formatId(NOW, 1, n) }) as MyChannel));
    for (const id of ['one', 'two', 'three']) {
      expect(closedWith).to.equal(undefined);
      subscribe('client', id);
      await settle();
      await settle();
    }
    expectEnd('TOO_LARGE', 4504);
  });

  it('a thousand sends without an answer: one more ends it, to come again', () => {
    const send = wireFrame('SEND', { destination: `/app/channels.${CHANNEL}` }, 'x');
    connection.received(Buffer.from(send.repeat(1_000)));
    expect(closedWith).to.equal(undefined);
    connection.received(Buffer.from(send));
    expectEnd('OVERLOADED', 4003);
  });

  it('2,000 messages without an acknowledgement: one more ends it as too slow', async () => {
    subscribe('client');
    await settle();
    hearMessages(1, 2_000);
    expect(closedWith).to.equal(undefined);
    hearMessages(2_001, 2_001);
    expectEnd('SLOW_CONSUMER', 4001);
  });

  it('two hundred subscriptions that it left before they began: one more ends it, and nothing is looked up for it', async () => {
    for (let n = 0; n < 200; n++) {
      subscribe('client');
      say('UNSUBSCRIBE', { id: 's' });
    }
    expect(closedWith).to.equal(undefined);
    subscribe('client');
    expectEnd('OVERLOADED', 4003);
    await settle();
    expect(asked).to.equal(200);
  });

  it('10,000 acknowledgements that are not kept yet: one more ends it, to come again', async () => {
    subscribe('client-individual');
    await settle();
    hearMessages(1, 2);
    const one = wireFrame('ACK', { id: `1.${idOf(2)}` });
    // As a client may: again and again what is still held back by the one before.
    connection.received(Buffer.from(one.repeat(10_000)));
    expect(closedWith).to.equal(undefined);
    connection.received(Buffer.from(one));
    expectEnd('OVERLOADED', 4003);
  });
});
