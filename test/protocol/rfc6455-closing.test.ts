import { expect } from 'chai';
import { handshake, OPCODES, RawWebSocket, type RawFrameOptions } from '../support/raw-websocket.js';
import { describeWebSocket, PING } from '../support/sockjs-service.js';

const { continuation, text, close, ping } = OPCODES;
const hex = (bytes: string): Buffer => Buffer.from(bytes.replaceAll(' ', ''), 'hex');
const closing = (code: number, reason: string | Buffer = ''): RawFrameOptions => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return { opcode: close, payload: Buffer.concat([head, Buffer.from(reason)]) };
};

describeWebSocket('RFC 6455 on /ws, opening and closing', (service) => {
  let client: RawWebSocket;
  beforeEach(async () => {
    client = await RawWebSocket.open(service().ws);
    client.send({ opcode: text, payload: await service().connectFrame() });
    expect((await client.next())?.payload.toString()).to.match(/"hello"/);
  });
  afterEach(() => client.destroy());

  async function expectFailure(code: number): Promise<void> {
    expect(await client.closed).to.equal(code);
  }

  describe('7 closing', () => {
    for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])
      it(`code ${code} is answered by itself`, async () => {
        client.send(closing(code, 'bye'));
        await expectFailure(code);
      });

    it('a close without a code is answered by one without', async () => {
      client.send({ opcode: close });
      await expectFailure(1005);
    });

    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
      it(`code ${code} is not for the wire`, async () => {
        client.send(closing(code));
        await expectFailure(1002);
      });

    it('half a code', async () => {
      client.send({ opcode: close, payload: 'x' });
      await expectFailure(1002);
    });

    it('a reason of 123 bytes', async () => {
      client.send(closing(1000, 'x'.repeat(123)));
      await expectFailure(1000);
    });

    it('a reason of 124 bytes', async () => {
      client.send(closing(1000, 'x'.repeat(124)));
      await expectFailure(1002);
    });

    it('a reason that is no UTF-8', async () => {
      client.send(closing(1000, hex('ce ba e1 bd b9 cf 83 ed a0 80')));
      await expectFailure(1007);
    });

    for (const [title, frames] of [
      ['a second close', [closing(1000)]],
      ['a ping', [{ opcode: ping }]],
      ['a message', [{ opcode: text, payload: PING }]],
      ['megabytes', [{ opcode: text, payload: Buffer.alloc(900_000, 0x20) }]],
    ] as const)
      it(`${title} after a close is not answered`, async () => {
        client.send(closing(1000), ...frames);
        await expectFailure(1000);
        expect(await client.next()).to.equal(undefined);
      });

    it('a close between the parts of a message', async () => {
      client.send({ opcode: text, fin: false, payload: 'x' }, closing(1000), { opcode: continuation, payload: 'y' });
      await expectFailure(1000);
    });
  });

  describe('the opening handshake', () => {
    const refusals: readonly (readonly [title: string, headers: Readonly<Record<string, string>>, status: RegExp])[] = [
      ['a version before 13', { 'Sec-WebSocket-Version': '7' }, / 4(00|26) /],
      ['no version', { 'Sec-WebSocket-Version': '' }, / 4(00|26) /],
      ['a short key', { 'Sec-WebSocket-Key': 'abc' }, / 400 /],
      ['another upgrade', { Upgrade: 'h2c' }, / 4(00|26) /],
    ];
    for (const [title, headers, status] of refusals)
      it(`${title} is refused`, async () => {
        const { head, socket } = await handshake(service().ws, headers);
        expect(head.split('\r\n', 1)[0]).to.match(status);
        socket.destroy();
      });

    it('the key is answered', async () => {
      const { head, socket } = await handshake(service().ws);
      expect(head).to.match(/sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
      socket.destroy();
    });

    it('compression is not agreed to', async () => {
      const { head, socket } = await handshake(service().ws, { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });
      expect(head).to.match(/^HTTP\/1\.1 101 /);
      expect(head).to.not.match(/sec-websocket-extensions/i);
      socket.destroy();
    });
  });
});
