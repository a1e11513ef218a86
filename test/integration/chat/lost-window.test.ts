import { expect } from 'chai';
import type { ChannelId } from '../../../shared/domain/ids.js';
import { ChatWorld } from '../../support/chat-world.js';
import { emptyTestRedis } from '../../support/private-redis.js';
import { describeWith } from '../../support/products.js';
import type { RawClient, RawFrame } from '../../support/raw-client.js';

describeWith('amqp', 'a recent window that was lost before anything was stored', () => {
  describeWith('redis', 'with the archiver away', () => {
    let world: ChatWorld;
    let client: RawClient;
    let channelId: ChannelId;
    let acked: RawFrame;
    let syncs = 0;

    beforeEach(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
      const [alice] = await world.users('alice');
      channelId = await world.channel(alice);
      client = await world.connect(alice, 0);
      acked = await client.ask({ type: 'send', clientId: 'm1', channelId, content: 'one' });
      await emptyTestRedis(world.tools.redis);
    });
    afterEach(() => world.stop());

    async function sync(): Promise<Record<string, unknown>> {
      const requestId = `sync${++syncs}`;
      client.send({ type: 'sync', requestId, channels: [{ channelId, after: '' }] });
      const { channels } = await client.next('synced', (frame) => frame['requestId'] === requestId);
      return (channels as [Record<string, unknown>])[0];
    }

    it('is not read as if it was all', async () => {
      expect(await sync()).to.include({ error: 'UNAVAILABLE', cursor: '' });
    });

    it('does not deny a message that was acknowledged', async () => {
      const answer = await client.ask({ type: 'edit', clientId: 'e1', channelId, messageId: acked['id'], content: 'uno' });
      expect(answer).to.include({ type: 'error', code: 'UNAVAILABLE', temporary: true });
    });

    it('is read again once the archive has caught up, with everything in it', async () => {
      await world.addWorker();
      await world.whole();
      const channel = await sync();
      expect(channel).to.not.have.property('error');
      expect(channel).to.have.nested.property('messages[0].id', acked['id']);
    });
  });
});
