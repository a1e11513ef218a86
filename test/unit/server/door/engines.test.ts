import { expect } from 'chai';
import { offerConnect } from '../../../../shared/protocol/early-connect.js';
import { WEBSOCKET_ENGINES } from '../../../../server/transport/websocket/websocket-transport.js';
import { EchoService } from '../../../support/echo-service.js';
import { encodeFrame, handshake, OPCODES, RawWebSocket } from '../../../support/raw-websocket.js';

const { text, close, ping, pong } = OPCODES;
const CONNECT = { type: 'connect', version: 1, token: 'a.b.c', client: '가 (1)' } as const;
const WITH_CONNECT = { 'Sec-WebSocket-Protocol': offerConnect(CONNECT).join(', ') };
const BYE = { code: 4000, reason: 'bye' };

for (const engine of WEBSOCKET_ENGINES)
  describe(`a connection of the engine ${engine}`, () => {
    let service: EchoService;
    let client: RawWebSocket;
    beforeEach(async () => {
      service = await new EchoService({ engine }).start();
    });
    afterEach(async () => {
      client.destroy();
      await service.stop();
    });

    it('sends messages of any length whole', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      for (const length of [0, 1, 125, 126, 65_535, 65_536, 1_000_000]) {
        const payload = Buffer.alloc(length, 'abcde');
        client.send({ opcode: text, payload });
        const frame = await client.next();
        expect(frame).to.include({ fin: true, opcode: text });
        expect(frame?.payload.equals(payload), String(length)).to.equal(true);
      }
    });

    it('takes what comes in one packet with the request', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`, {}, encodeFrame({ opcode: text, payload: 'early' }));
      expect((await client.next())?.payload.toString()).to.equal('early');
    });

    it('takes a long message in small pieces', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const payload = Buffer.alloc(200_000, '0123456789');
      const frame = encodeFrame({ opcode: text, payload });
      for (let at = 0; at < frame.length; at += 1_000) client.write(frame.subarray(at, at + 1_000));
      expect((await client.next())?.payload.equals(payload)).to.equal(true);
    });

    it('is over once the peer has answered the close', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const { connection, ended } = await service.connection(0);
      connection.close(BYE);
      client.send({ opcode: close, payload: Buffer.from([0x0f, 0xa0]) });
      expect(await client.closed).to.equal(BYE.code);
      expect(await ended).to.equal(BYE.code);
    });

    it('sends nothing after its close, and hands over nothing', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const { connection } = await service.connection(0);
      connection.close(BYE);
      connection.send([Buffer.from('late')]);
      client.send({ opcode: text, payload: 'late as well' }, { opcode: close });
      expect(await client.closed).to.equal(BYE.code);
      expect(await client.next()).to.equal(undefined);
    });

    it('sends a slow reader what was meant for it, whatever others are sent meanwhile', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const other = await RawWebSocket.open(`${service.origin}/ws`);
      const [slow, quick] = [await service.connection(0), await service.connection(1)];
      client.socket.pause();
      const sent: string[] = [];
      while (slow.connection.bufferedBytes < 1_000_000 && sent.length < 2_000) {
        const message = `${sent.length} `.padEnd(20_000, 'x');
        sent.push(message);
        slow.connection.send([Buffer.from(message)]);
        quick.connection.send([Buffer.from('y'.repeat(20_000))]);
        await new Promise(setImmediate);
      }
      expect(slow.connection.bufferedBytes).to.be.at.least(1_000_000);
      client.socket.resume();
      for (const message of sent) expect((await client.next())?.payload.toString()).to.equal(message);
      other.destroy();
    });

    it('cuts off a peer that does not answer the close', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const { connection, ended } = await service.connection(0);
      connection.close(BYE);
      expect(await ended).to.equal(1006);
    });

    it('ends when the peer ends its side without a word', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const { ended } = await service.connection(0);
      client.socket.end();
      expect(await ended).to.equal(1006);
    });

    it('ends when the connection breaks', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`);
      const { ended } = await service.connection(0);
      client.socket.resetAndDestroy();
      expect(await ended).to.equal(1006);
    });

    it('takes a connect frame that comes with the request, and answers both in one packet', async () => {
      const { socket, head, rest } = await handshake(`${service.origin}/ws`, WITH_CONNECT);
      expect(head)
        .to.match(/^HTTP\/1\.1 101 /)
        .and.to.match(/\r\nSec-WebSocket-Protocol: warren\.v1\r\n/);
      expect(JSON.parse(rest.subarray(2).toString())).to.deep.equal(CONNECT);
      socket.destroy();
      client = await RawWebSocket.open(`${service.origin}/ws`);
    });

    it('goes on as any other after that', async () => {
      client = await RawWebSocket.open(`${service.origin}/ws`, WITH_CONNECT);
      client.send({ opcode: text, payload: 'more' });
      await client.next();
      expect((await client.next())?.payload.toString()).to.equal('more');
      const { connection } = await service.connection(0);
      connection.close(BYE);
      expect(await client.closed).to.equal(BYE.code);
    });

    it('lets the answer go with a close, and by itself when nothing is said for long', async () => {
      const silent = await new EchoService({ engine, echo: false }).start();
      const open = (): Promise<RawWebSocket> => RawWebSocket.open(`${silent.origin}/ws`, WITH_CONNECT);
      const opening = open();
      const { connection } = await silent.connection(0);
      const bystander = handshake(`${silent.origin}/ws`).then(({ socket }) => socket.destroy());
      expect(await Promise.race([opening.then(() => 'answered'), bystander.then(() => 'held')])).to.equal('held');
      connection.close(BYE);
      client = await opening;
      client.send({ opcode: close, payload: Buffer.from([0x0f, 0xa0]) });
      expect(await client.closed).to.equal(BYE.code);
      client = await open();
      (await silent.connection(2)).connection.send([Buffer.from('at last')]);
      expect((await client.next())?.payload.toString()).to.equal('at last');
      client.destroy();
      await silent.stop();
    });

    it('answers the request before a ping that came in one packet with it, while nothing is said yet', async () => {
      const silent = await new EchoService({ engine, echo: false }).start();
      client = await RawWebSocket.open(`${silent.origin}/ws`, WITH_CONNECT, encodeFrame({ opcode: ping, payload: 'early' }));
      expect(await client.next()).to.deep.include({ opcode: pong, payload: Buffer.from('early') });
      client.destroy();
      await silent.stop();
    });

    it('sends a long message as the first one', async () => {
      const silent = await new EchoService({ engine, echo: false }).start();
      const opening = RawWebSocket.open(`${silent.origin}/ws`, WITH_CONNECT);
      const payload = Buffer.alloc(200_000, 'abcde');
      (await silent.connection(0)).connection.send([payload]);
      client = await opening;
      expect((await client.next())?.payload.equals(payload)).to.equal(true);
      client.destroy();
      await silent.stop();
    });

    it('agrees to what is named first when there is no connect frame to take', async () => {
      const { head, socket } = await handshake(`${service.origin}/ws`, { 'Sec-WebSocket-Protocol': 'other, warren.v1' });
      expect(head).to.match(/\r\nSec-WebSocket-Protocol: other\r\n/);
      socket.destroy();
      client = await RawWebSocket.open(`${service.origin}/ws`);
    });

    it('refuses subprotocols that are no list of names', async () => {
      const { head, socket } = await handshake(`${service.origin}/ws`, { 'Sec-WebSocket-Protocol': 'a,,b' });
      expect(head).to.match(/^HTTP\/1\.1 400 /);
      socket.destroy();
      client = await RawWebSocket.open(`${service.origin}/ws`);
    });
  });
