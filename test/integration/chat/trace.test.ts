import { expect } from 'chai';
import { traceEvent } from '../../../api/use-cases/trace-event.js';
import type { DeviceId, EventId } from '../../../shared/domain/ids.js';
import { ChatWorld } from '../../support/chat-world.js';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/products.js';

describeWith('amqp', 'the trace of a message', () => {
  describeWith('redis', 'over two servers and a worker', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
    });
    after(() => world.stop());

    it('says where it was reserved, committed, answered and stored, to which server it was sent, and which device got it', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const device = world.tools.ids.next() as DeviceId;
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1, device)];
      const { id } = await a.ask({ type: 'send', clientId: 'm1', channelId, content: 'one' });
      await b.next('message');
      await eventually(async () => (await world.tools.messages.getMany(channelId, [id as EventId])).length === 1);
      const steps = await traceEvent({ bus: world.tools.publisher, traces: world.tools.traces }, id as EventId);
      expect(steps.map(({ step, subject, process }) => `${step} ${subject} ${process}`)).to.have.members([
        'reserved  server server1',
        'committed  server server1',
        'answered  server server1',
        'sent server2 server server1',
        `delivered ${device} server server2`,
        'stored  worker',
      ]);
    });
  });
});
