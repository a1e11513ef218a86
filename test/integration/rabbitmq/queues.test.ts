import { expect } from 'chai';
import { ChatError } from '../../../shared/errors/chat-error.js';
import { eventually } from '../../support/eventually.js';
import { Gate } from '../../support/gate.js';
import { Inbox } from '../../support/inbox.js';
import { describeWith } from '../../support/products.js';
import { RabbitMqWorld, SERVER_1 } from '../../support/rabbitmq-world.js';

const BATCH = Buffer.from('batch');

describeWith('amqp', 'RabbitMQ bus: queues', (url) => {
  let world: RabbitMqWorld;

  beforeEach(() => (world = new RabbitMqWorld(url)));
  afterEach(() => world.close());

  it('makes one message of a delivery', async () => {
    const bus = await world.open();
    const subscription = await bus.consumer.consumeDeliveries(SERVER_1, ignore);
    await subscription.cancel();
    for (let i = 0; i < 3; i++) await bus.publisher.deliver(SERVER_1, BATCH);
    expect(await world.countMessages(world.topology.serverQueue(SERVER_1))).to.equal(3);
  });

  it('leaves nothing on a queue that was handled', async () => {
    const bus = await world.open();
    const envelopes = new Inbox<string>();
    const subscription = await bus.consumer.consumeDeliveries(SERVER_1, {
      onEnvelope: collectInto(envelopes),
      onInterrupted: () => undefined,
    });
    for (let i = 0; i < 250; i++) await bus.publisher.deliver(SERVER_1, BATCH);
    await envelopes.take(250);
    await subscription.cancel();
    expect(await world.countMessages(world.topology.serverQueue(SERVER_1))).to.equal(0);
  });

  it('returns the envelopes of a dead server as undelivered', async () => {
    const bus = await world.open({ limits: { deliveryTtlMs: 50 } });
    const undelivered = new Inbox<string>();
    await bus.consumer.consumeUndelivered(collectInto(undelivered));
    const subscription = await bus.consumer.consumeDeliveries(SERVER_1, ignore);
    await subscription.cancel();
    expect(await bus.publisher.deliver(SERVER_1, BATCH)).to.equal(true);
    expect(await undelivered.first()).to.equal('batch');
  });

  it('forgets the queue of a server that does not come back', async () => {
    const bus = await world.open({ limits: { deliveryTtlMs: 50, deliveryExpiresMs: 100 } });
    const subscription = await bus.consumer.consumeDeliveries(SERVER_1, ignore);
    await subscription.cancel();
    await eventually(async () => !(await bus.publisher.deliver(SERVER_1, BATCH)));
  });

  it('keeps poison batches in the dead-letter queue', async () => {
    const bus = await world.open();
    await bus.consumer.consumeCommits({
      prefetch: 10,
      onBatches: (_, batches) => Promise.resolve({ poison: batches.flatMap((batch, i) => (String(batch) === 'bad' ? [i] : [])) }),
    });
    for (const text of ['good', 'bad', 'fine']) await bus.publisher.commit(0, Buffer.from(text));
    expect(await world.takeMessages(world.topology.archiveDeadQueue, 1)).to.deep.equal(['bad']);
  });

  it('hands out later batches while earlier ones are being settled', async () => {
    const bus = await world.open();
    const [handed, settling] = [new Inbox<string>(), new Gate()];
    await bus.consumer.consumeCommits({
      prefetch: 10,
      onBatches: (_, batches) => {
        for (const batch of batches) handed.add(String(batch));
        return Promise.resolve({ poison: [], settled: settling.opened });
      },
    });
    await bus.publisher.commit(0, Buffer.from('first'));
    await handed.first();
    await bus.publisher.commit(0, Buffer.from('second'));
    expect(await handed.take(2)).to.deep.equal(['first', 'second']);
    settling.open();
  });

  it('acknowledges nothing that follows a batch which was not settled', async () => {
    const [bus, next] = [await world.open(), await world.open()];
    const [handed, again] = [new Inbox<string>(), new Inbox<string>()];
    const failing = new Gate();
    const subscription = await bus.consumer.consumeCommits({
      prefetch: 10,
      onBatches: (_, batches) => {
        for (const batch of batches) handed.add(String(batch));
        const first = batches.some((batch) => String(batch) === 'first');
        return Promise.resolve({
          poison: [],
          settled: first ? failing.opened.then(() => Promise.reject(new Error('stopped'))) : Promise.resolve(),
        });
      },
    });
    await bus.publisher.commit(0, Buffer.from('first'));
    await handed.first();
    await bus.publisher.commit(0, Buffer.from('second'));
    await handed.take(2);
    failing.open();
    await subscription.cancel();
    await next.consumer.consumeCommits({
      prefetch: 10,
      onBatches: (_, batches) => {
        for (const batch of batches) again.add(String(batch));
        return Promise.resolve({ poison: [] });
      },
    });
    expect(await again.take(2)).to.deep.equal(['first', 'second']);
  });

  it('keeps refused notifications in their dead-letter queue', async () => {
    const bus = await world.open();
    await bus.consumer.consumeNotifications(() => Promise.reject(new Error('cannot be read')));
    await bus.publisher.notify(BATCH);
    expect(await world.takeMessages(world.topology.notifyDeadQueue, 1)).to.deep.equal(['batch']);
  });

  it('delivers again after its queue was deleted, and tells that deliveries may be missing', async () => {
    const bus = await world.open();
    const [envelopes, interrupted] = [new Inbox<string>(), new Gate()];
    await bus.consumer.consumeDeliveries(SERVER_1, {
      onEnvelope: collectInto(envelopes),
      onInterrupted: () => interrupted.open(),
    });
    await world.deleteQueue(world.topology.serverQueue(SERVER_1));
    await interrupted.opened;
    expect(await bus.publisher.deliver(SERVER_1, BATCH)).to.equal(true);
    expect(await envelopes.first()).to.equal('batch');
  });

  it('consumes a partition again after its queue was deleted', async () => {
    const bus = await world.open();
    const batches = new Inbox<string>();
    await bus.consumer.consumeCommits({
      prefetch: 10,
      onBatches: (_, received) => {
        for (const batch of received) batches.add(String(batch));
        return Promise.resolve({ poison: [] });
      },
    });
    await world.deleteQueue(world.topology.archiveQueue(0));
    await succeed(() => bus.publisher.commit(0, BATCH));
    expect(await batches.first()).to.equal('batch');
  });

  it('declares a partition again that was deleted while nobody consumed it', async () => {
    const bus = await world.open();
    await world.deleteQueue(world.topology.archiveQueue(0));
    await succeed(() => bus.publisher.commit(0, BATCH));
    expect(await world.countMessages(world.topology.archiveQueue(0))).to.equal(1);
  });

  it('uses a queue that was declared with other bounds', async () => {
    await (await world.open({ limits: { archiveBytes: 1_000_000 } })).publisher.commit(0, BATCH);
    const bus = await world.open({ limits: { archiveBytes: 2_000_000 } });
    await bus.publisher.commit(0, BATCH);
    expect(await world.countMessages(world.topology.archiveQueue(0))).to.equal(2);
  });
});

const ignore = { onEnvelope: (): Promise<void> => Promise.resolve(), onInterrupted: (): void => undefined };

/** Tries as long as the answer is a temporary error, as senders do. */
async function succeed(work: () => Promise<void>): Promise<void> {
  await eventually(async () => {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof ChatError && error.temporary) return false;
      throw error;
    }
  });
}

function collectInto(inbox: Inbox<string>): (message: Uint8Array) => Promise<void> {
  return (message) => {
    inbox.add(Buffer.from(message).toString());
    return Promise.resolve();
  };
}
