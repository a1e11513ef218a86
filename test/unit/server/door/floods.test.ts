import { expect } from 'chai';
import { deflateRawSync } from 'node:zlib';
import { WEBSOCKET_ENGINES } from '../../../../server/transport/websocket/websocket-transport.js';
import { EchoService } from '../../../support/echo-service.js';
import { encodeFrame, OPCODES, RawWebSocket } from '../../../support/raw-websocket.js';

const MIB = 1024 * 1024;
const { text, continuation, ping } = OPCODES;
const BOMB = deflateRawSync(Buffer.alloc(100 * MIB));

for (const engine of WEBSOCKET_ENGINES)
  describe(`floods over WebSockets, engine ${engine}`, () => {
    let service: EchoService;
    let client: RawWebSocket;
    let before: number;
    let bystander: RawWebSocket;

    beforeEach(async () => {
      service = await new EchoService({ engine, echo: true }).start();
      bystander = await RawWebSocket.open(`${service.origin}/ws`);
      before = memory();
    });
    afterEach(async () => {
      client.destroy();
      bystander.destroy();
      await service.stop();
    });

    /** Others are served as before, and little has been kept. */
    async function expectCalm(maxBytes = 32 * MIB): Promise<void> {
      bystander.send({ opcode: text, payload: 'still there?' });
      expect((await bystander.next())?.payload.toString()).to.equal('still there?');
      expect(memory() - before).to.be.below(maxBytes);
    }

    for (const path of ['/ws', '/sockjs/000/flood/websocket'])
      it(`pings without reading end the connection of ${path}`, async () => {
        client = await RawWebSocket.open(service.origin + path);
        client.socket.pause();
        const pings = Buffer.concat(Array.from({ length: 8_000 }, () => encodeFrame({ opcode: ping, payload: Buffer.alloc(125) })));
        const ended = (await service.connection(1)).ended;
        const closed = new Promise<void>((resolve) => client.socket.once('close', () => resolve()));
        const drained = (): Promise<void> => new Promise((resolve) => client.socket.once('drain', () => resolve()));
        for (let sent = 0; !client.socket.destroyed && sent < 400 * MIB; sent += pings.length) {
          client.write(pings);
          if (client.socket.writableLength > 4 * MIB) await Promise.race([closed, ended, drained()]);
          await turn();
        }
        expect(await ended).to.equal(1006);
        await expectCalm();
      });

    it('pings of somebody who reads are all answered', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      for (let i = 0; i < 2_000; i++) client.send({ opcode: ping, payload: String(i) });
      for (let i = 0; i < 2_000; i++) expect((await client.next())?.payload.toString()).to.equal(String(i));
    });

    it('a message in thousands of tiny parts ends the connection', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const part = encodeFrame({ opcode: continuation, fin: false, payload: 'x' });
      client.send({ opcode: text, fin: false, payload: 'x' });
      client.write(Buffer.concat(Array.from({ length: 3_000 }, () => part)));
      expect(await client.closed).to.equal(1008);
      await expectCalm();
    });

    it('empty parts count as well', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const part = encodeFrame({ opcode: continuation, fin: false });
      client.send({ opcode: text, fin: false });
      client.write(Buffer.concat(Array.from({ length: 3_000 }, () => part)));
      expect(await client.closed).to.equal(1008);
    });

    it('a frame that claims to be larger than the limit is not waited for', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      client.send({ opcode: text, claimedLength: BigInt(2 * MIB), lengthBytes: 8 });
      expect(await client.closed).to.be.oneOf([1009, 4504]);
      await expectCalm();
    });

    it('parts that sum up to more than the limit end the connection', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      client.send({ opcode: text, fin: false, payload: Buffer.alloc(MIB, 0x20) }, { opcode: continuation, payload: 'xx' });
      expect(await client.closed).to.be.oneOf([1009, 4504]);
    });

    it('a packed bomb is not unpacked', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`, { 'Sec-WebSocket-Extensions': 'permessage-deflate' });
      client.send({ opcode: text, reserved: 4, payload: BOMB });
      expect(await client.closed).to.equal(1002);
      await expectCalm();
    });
  });

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
