import { expect } from 'chai';
import { DecodedFrames } from '../../../../server/transport/stomp/decoded-frames.js';
import { StompConnection } from '../../../../server/transport/stomp/stomp-connection.js';
import { TimingWheel } from '../../../../server/transport/stomp/timing-wheel.js';
import { MemoryDeviceCursors } from '../../../../shared/adapters/memory/device-cursors.js';
import { SilentLogger } from '../../../support/silent-logger.js';
import { wireFrame } from '../../../support/stomp-wire.js';

const BEATS = { sends: 5_000, wants: 10_000 };

describe('a STOMP connection', () => {
  let now: number;
  let wheel: TimingWheel;
  let connection: StompConnection;
  let written: { readonly text: string; readonly at: number }[];
  let toSession: string[];
  let closedWith: number | undefined;
  let sessionEnded: number | undefined;

  beforeEach(() => {
    now = 0;
    written = [];
    toSession = [];
    closedWith = undefined;
    sessionEnded = undefined;
    const clock = { now: () => now, monotonic: () => now };
    wheel = new TimingWheel({ now: () => now });
    connection = new StompConnection(
      {
        transport: 'websocket',
        remoteAddress: '127.0.0.1',
        bufferedBytes: 0,
        send: (frames) => written.push({ text: Buffer.concat(frames).toString(), at: now }),
        close: ({ code }) => void (closedWith = code),
      },
      {
        wheel,
        clock,
        decoded: new DecodedFrames(),
        cursors: new MemoryDeviceCursors(),
        channels: { listForUser: () => Promise.resolve([]) },
        logger: new SilentLogger(),
        limits: { headers: 64, headBytes: 4_096, bodyBytes: 65_536 },
        beats: BEATS,
        pingMs: 18_000,
        graceMs: 150,
      },
    );
    connection.handler = {
      received: (message) => toSession.push((JSON.parse(Buffer.from(message).toString()) as { readonly type: string }).type),
      drained: () => undefined,
      closed: (code) => void (sessionEnded = code),
    };
  });
  afterEach(() => wheel.stop());

  const hear = (frame: object): void => connection.send([Buffer.from(JSON.stringify(frame))]);
  function connect(heartBeat: string): void {
    connection.received(Buffer.from(wireFrame('CONNECT', { 'accept-version': '1.2', 'heart-beat': heartBeat, passcode: 'a.b.c' })));
    hear({ type: 'hello', version: 1, sessionId: 's', userId: 'u', deviceId: 'd' });
    written = [];
  }
  function runUntil(end: number, everyTick: () => void = () => undefined): void {
    for (; now < end; now += 50) {
      everyTick();
      wheel.advance();
    }
  }
  const beats = (): readonly number[] => written.filter(({ text }) => text === '\n').map(({ at }) => at);

  it('beats for who wants it, in time', () => {
    connect('0,10000');
    runUntil(60_000);
    const gaps = beats().map((at, i) => at - (beats()[i - 1] ?? 0));
    expect(gaps).to.have.length.within(5, 7);
    for (const gap of gaps) expect(gap).to.be.within(8_900, 10_000);
  });

  it('does not beat more often than it offered', () => {
    connect('0,100');
    runUntil(20_000);
    expect(beats()).to.have.length.within(3, 4);
  });

  it('does not beat while frames do', () => {
    connect('0,10000');
    runUntil(30_000, () => {
      if (now % 5_000 !== 0) return;
      connection.write({ command: 'RECEIPT', headers: { 'receipt-id': '1' } });
      hear({ type: 'pong' });
    });
    expect(beats()).to.deep.equal([]);
  });

  it('ends with who stopped to beat', () => {
    connect('10000,0');
    runUntil(40_000, () => {
      if (now <= 15_000 && now % 5_000 === 0) connection.received(Buffer.from('\n'));
    });
    expect([closedWith, sessionEnded]).to.deep.equal([4002, 4002]);
    expect(wheel.size).to.equal(0);
  });

  it('tells the session that it lives, beats or not', () => {
    connect('0,0');
    runUntil(60_000);
    expect(toSession).to.deep.equal(['connect', 'ping', 'ping', 'ping']);
    expect(closedWith).to.equal(undefined);
  });

  it('leaves a draining server within the time that it was given, and says why', () => {
    connect('0,0');
    hear({ type: 'drain', withinMs: 5_000 });
    runUntil(5_200);
    expect(written.at(-1)?.text).to.include('ERROR\ncode:DRAINING\n').and.include('temporary:true');
    expect([closedWith, sessionEnded]).to.deep.equal([4000, 4000]);
  });

  it('says why the session has closed it', () => {
    connect('0,0');
    connection.close({ code: 4001, reason: 'connection did not read fast enough' });
    expect(written.at(-1)?.text).to.equal('ERROR\ncode:SLOW_CONSUMER\nmessage:connection did not read fast enough\ntemporary:true\n\n\0');
    expect([closedWith, sessionEnded]).to.deep.equal([4001, undefined]);
  });

  it('an error of the server carries what there is to know', () => {
    connect('0,0');
    connection.received(
      Buffer.from(wireFrame('SEND', { destination: '/app/channels.0S9Z0RDTPHW00', 'client-id': 'c', receipt: 'r' }, 'x')),
    );
    hear({ type: 'error', code: 'RATE_LIMITED', message: '', temporary: true, clientId: 'c', retryAfterMs: 40 });
    expect(written.at(-1)?.text).to.match(/^ERROR\ncode:RATE_LIMITED\n(.|\n)*temporary:true\nretry-after-ms:40\nreceipt-id:r\n/);
    expect(closedWith).to.equal(4003);
  });

  it('frames of one turn share a message, but none grows beyond 64 KiB by it', () => {
    connect('0,0');
    for (let n = 0; n < 3_000; n++) connection.write({ command: 'RECEIPT', headers: { 'receipt-id': `receipt ${n} ${'x'.repeat(40)}` } });
    connection.received(Buffer.from(wireFrame('DISCONNECT')));
    expect(written.length).to.be.within(3, 6);
    for (const { text } of written) expect(Buffer.byteLength(text)).to.be.below(65_536);
  });
});
