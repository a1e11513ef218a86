import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortAllocator } from '../../../scripts/cluster/ports.js';
import { findProgram } from '../../../scripts/services/binaries.js';
import { createGateway } from '../../../scripts/services/gateway.js';
import type { PrivateService } from '../../../scripts/services/private-service.js';
import { ChatWorld } from '../../support/chat-world.js';
import { HostileProxy } from '../../support/hostile-proxy.js';
import { converse, NODE_TRANSPORTS, WHOLE_CONVERSATION } from '../../support/official-sockjs.js';
import { describeWith, skippedTitle } from '../../support/products.js';
import { serviceOf } from '../../support/sockjs-service.js';

describeWith('amqp', 'the official sockjs-client', () => {
  describeWith('redis', 'in Node', () => {
    const folder = mkdtempSync(join(tmpdir(), 'warren-sockjs-'));
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 3, worker: false });
    });
    after(async () => {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const connectFrame = (): Promise<string> => serviceOf(world, 0).connectFrame();
    const address = (server: number): string => new URL(serviceOf(world, server).base).host;

    for (const transport of NODE_TRANSPORTS)
      it(`talks by ${transport}`, async () => {
        const talk = await converse(serviceOf(world, 0).base, await connectFrame(), [transport]);
        expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
      });

    it('finds another way where upgrades are refused', async () => {
      const proxy = await new HostileProxy(`http://${address(0)}`, { upgrades: 'refuse', answers: 'pass' }).start();
      const talk = await converse(`${proxy.url}/sockjs`, await connectFrame());
      expect(talk).to.include({ transport: 'xhr-streaming', code: 1000 });
      expect(talk.frames).to.deep.equal(WHOLE_CONVERSATION);
      await proxy.stop();
    });

    it('polls where upgrades are refused and answers are held back', async () => {
      const proxy = await new HostileProxy(`http://${address(0)}`, { upgrades: 'refuse', answers: 'buffer' }).start();
      const talk = await converse(`${proxy.url}/sockjs`, await connectFrame());
      expect(talk).to.include({ transport: 'xhr-polling', code: 1000 });
      expect(talk.frames).to.deep.equal(WHOLE_CONVERSATION);
      await proxy.stop();
    });

    if (findProgram('nginx') === undefined) it(skippedTitle('talks through the gateway', 'nginx is not installed'));
    else {
      let gateway: PrivateService;
      let origin: string;
      before(async () => {
        const port = await new PortAllocator().take('gateway', 0);
        origin = `http://127.0.0.1:${port}`;
        gateway = createGateway({
          data: join(folder, 'data'),
          logs: join(folder, 'logs'),
          run: join(folder, 'run'),
          port,
          reach: 'loopback',
          template: 'nginx/warren.conf.template',
          servers: [0, 1, 2].map((n) => ({ name: `server${n + 1}`, address: address(n) })),
          apis: [{ name: 'api1', address: address(0) }],
        });
        await gateway.start();
      });
      after(() => gateway.stop());

      for (const transport of NODE_TRANSPORTS) {
        it(`talks by ${transport} through the gateway, whatever server each request gets to`, async () => {
          const talk = await converse(`${origin}/sockjs`, await connectFrame(), [transport]);
          expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
        });

        it(`talks by ${transport} through the gateway with the server it names`, async () => {
          const talk = await converse(`${origin}/sockjs?server=server2`, await connectFrame(), [transport]);
          expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
        });
      }
    }
  });
});
