import { expect } from 'chai';
import { ChatWorld } from '../../support/chat-world.js';
import { HostileProxy } from '../../support/hostile-proxy.js';
import { converse, NODE_TRANSPORTS, WHOLE_CONVERSATION } from '../../support/official-sockjs.js';
import { describeWith, skippedTitle } from '../../support/products.js';
import { serviceOf } from '../../support/sockjs-service.js';
import { NO_GATEWAY, WorldGateway } from '../../support/world-gateway.js';

describeWith('amqp', 'the official sockjs-client', () => {
  describeWith('redis', 'in Node', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 3, worker: false });
    });
    after(() => world.stop());

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

    if (NO_GATEWAY !== undefined) it(skippedTitle('talks through the gateway', NO_GATEWAY));
    else {
      let gateway: WorldGateway;
      before(async () => {
        gateway = await WorldGateway.start(world);
      });
      after(() => gateway.stop());

      for (const transport of NODE_TRANSPORTS) {
        it(`talks by ${transport} through the gateway, whatever server each request gets to`, async () => {
          const talk = await converse(`${gateway.origin}/sockjs`, await connectFrame(), [transport]);
          expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
        });

        it(`talks by ${transport} through the gateway with the server it names`, async () => {
          const talk = await converse(`${gateway.origin}/sockjs?server=server2`, await connectFrame(), [transport]);
          expect(talk).to.deep.equal({ transport, frames: WHOLE_CONVERSATION, code: 1000 });
        });
      }
    }
  });
});
