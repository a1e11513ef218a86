import { expect } from 'chai';
import type { DoorOptions } from '../../../../server/transport/door.js';
import { WEBSOCKET_ENGINES } from '../../../../server/transport/websocket/websocket-transport.js';
import { EchoService } from '../../../support/echo-service.js';
import { handshake, RawWebSocket } from '../../../support/raw-websocket.js';

for (const engine of WEBSOCKET_ENGINES)
  describe(`who is let in at /ws, engine ${engine}`, () => {
    let service: EchoService;
    afterEach(() => service.stop());

    const start = async (door: Partial<DoorOptions>): Promise<string> => {
      service = await new EchoService({ engine, door }).start();
      return `${service.origin}/ws`;
    };

    async function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
      const { head, socket } = await handshake(url, headers);
      socket.destroy();
      return Number(head.split(' ')[1]);
    }

    it('pages of exactly the allowed origins, and clients that are no pages', async () => {
      const url = await start({ origins: new Set(['https://chat.test']) });
      expect(await statusOf(url, { Origin: 'https://chat.test' })).to.equal(101);
      expect(await statusOf(url)).to.equal(101);
      const others = [
        'null',
        '',
        'https://chat.test.evil.test',
        'https://evil.test',
        'http://chat.test',
        'https://chat.test:8443',
        'https://xchat.test',
        'https://chat.test/',
      ];
      for (const origin of others) expect(await statusOf(url, { Origin: origin }), origin).to.equal(403);
    });

    for (const refusal of ['draining', 'full'] as const)
      it(`nobody while the server is ${refusal}`, async () => {
        expect(await statusOf(await start({ refusal: () => refusal }))).to.equal(503);
      });

    it('so many of an address and no more, until one leaves', async () => {
      const url = await start({ maxPerAddress: 2 });
      const first = await RawWebSocket.open(url);
      const second = await RawWebSocket.open(url);
      expect(await statusOf(url)).to.equal(429);
      first.destroy();
      await (
        await service.connection(0)
      ).ended;
      const third = await RawWebSocket.open(url);
      second.destroy();
      third.destroy();
    });

    it('addresses are those that the gateway names, each for itself', async () => {
      const url = await start({ maxPerAddress: 1 });
      const first = await RawWebSocket.open(url, { 'X-Forwarded-For': '203.0.113.7' });
      expect(await statusOf(url, { 'X-Forwarded-For': '198.51.100.1, 203.0.113.7' })).to.equal(429);
      expect(await statusOf(url, { 'X-Forwarded-For': '203.0.113.8' })).to.equal(101);
      first.destroy();
    });

    it('a refused handshake takes no place', async () => {
      const url = await start({ maxPerAddress: 1 });
      expect(await statusOf(url, { 'Sec-WebSocket-Key': 'bad' })).to.equal(400);
      expect(await statusOf(url)).to.equal(101);
    });

    it('a plain request is told what this is', async () => {
      const answer = await fetch(await start({}));
      expect(answer.status).to.equal(426);
    });
  });
