import { expect } from 'chai';
import type { RabbitMqBus, RabbitMqBusOptions } from '../../../shared/adapters/rabbitmq/index.js';
import { toChatError } from '../../../shared/errors/chat-error.js';
import type { ControlMessage } from '../../../shared/ports/index.js';
import { eventually } from '../../support/eventually.js';
import { Gate } from '../../support/gate.js';
import { Inbox } from '../../support/inbox.js';
import { describeWith } from '../../support/products.js';
import { RabbitMqWorld, SERVER_1 } from '../../support/rabbitmq-world.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

const BATCH = Buffer.from('batch');
/** AMQP 0-9-1: class 20, method 40. */
const CHANNEL_CLOSE = Buffer.from([0, 20, 0, 40]);

describeWith('amqp', 'RabbitMQ bus: connection lost', (url) => {
  let world: RabbitMqWorld;
  let proxy: TcpProxy;

  beforeEach(async () => {
    world = new RabbitMqWorld(url);
    proxy = new TcpProxy(url);
    await proxy.open();
  });
  afterEach(async () => {
    await world.close();
    await proxy.close();
  });

  const openByProxy = (limits: RabbitMqBusOptions['limits'] = {}): Promise<RabbitMqBus> => world.open({ url: proxy.url, limits });

  it('opens once the broker is there', async () => {
    await proxy.close();
    const opening = openByProxy();
    await proxy.open();
    const bus = await opening;
    await bus.publisher.commit(0, BATCH);
  });

  it('refuses publishing at once while the broker is away', async () => {
    const bus = await openByProxy();
    await proxy.close();
    expect(await codeOf(bus.publisher.commit(0, BATCH))).to.equal('UNAVAILABLE');
    expect(await codeOf(bus.publisher.deliver(SERVER_1, BATCH))).to.equal('UNAVAILABLE');
    expect(await codeOf(bus.publisher.notify(BATCH))).to.equal('UNAVAILABLE');
    expect(await codeOf(bus.publisher.control({ type: 'server-changed', serverId: SERVER_1 }))).to.equal('UNAVAILABLE');
  });

  it('comes back although the connection ends while a channel is being closed', async () => {
    const bus = await openByProxy();
    proxy.cutAt(CHANNEL_CLOSE, 6);
    proxy.cut();
    await eventually(() =>
      bus.check().then(
        () => true,
        () => false,
      ),
    );
    await bus.publisher.commit(0, BATCH);
  }).timeout(15_000);

  it('is not ready while the broker is away', async () => {
    const bus = await openByProxy();
    await bus.check();
    await proxy.close();
    expect(await codeOf(bus.check())).to.equal('UNAVAILABLE');
  });

  it('delivers again, and tells that deliveries may be missing', async () => {
    const bus = await openByProxy();
    const [envelopes, interrupted] = [new Inbox<string>(), new Gate()];
    await bus.consumer.consumeDeliveries(SERVER_1, { onEnvelope: collectInto(envelopes), onInterrupted: () => interrupted.open() });
    proxy.cut();
    await interrupted.opened;
    const other = await world.open();
    expect(await other.publisher.deliver(SERVER_1, BATCH)).to.equal(true);
    expect(await envelopes.first()).to.equal('batch');
  });

  it('keeps for a server that is away what is delivered meanwhile', async () => {
    const bus = await openByProxy();
    const envelopes = new Inbox<string>();
    await bus.consumer.consumeDeliveries(SERVER_1, { onEnvelope: collectInto(envelopes), onInterrupted: () => undefined });
    await proxy.close();
    const other = await world.open();
    expect(await other.publisher.deliver(SERVER_1, BATCH)).to.equal(true);
    await proxy.open();
    expect(await envelopes.first()).to.equal('batch');
  });

  it('hands out again, in order, what it had not acknowledged', async () => {
    const bus = await openByProxy();
    const [handed, gate] = [new Inbox<string>(), new Gate()];
    await bus.consumer.consumeCommits({
      prefetch: 10,
      onBatches: async (_, batches) => {
        for (const batch of batches) handed.add(String(batch));
        await gate.opened;
        return { poison: [] };
      },
    });
    for (const text of ['a', 'b', 'c']) await bus.publisher.commit(0, Buffer.from(text));
    await handed.first();
    const before = handed.items.length;
    // The first call ends when its channel is certainly lost.
    await bus.consumer.consumeDeliveries(SERVER_1, { onEnvelope: () => Promise.resolve(), onInterrupted: () => gate.open() });
    proxy.cut();
    expect((await handed.take(before + 3)).slice(before)).to.deep.equal(['a', 'b', 'c']);
  });

  it('hears control messages again', async () => {
    const bus = await openByProxy();
    const [interrupted, messages] = [new Gate(), new Inbox<ControlMessage>()];
    await bus.consumer.consumeControl(messages.add);
    await bus.consumer.consumeDeliveries(SERVER_1, { onEnvelope: () => Promise.resolve(), onInterrupted: () => interrupted.open() });
    proxy.cut();
    await interrupted.opened;
    const other = await world.open();
    const message: ControlMessage = { type: 'server-changed', serverId: SERVER_1 };
    // The subscriptions come back one by one: told until it is heard.
    await eventually(async () => {
      await other.publisher.control(message);
      return messages.items.length > 0;
    });
    expect(await messages.first()).to.deep.equal(message);
  });

  it('rejects what was not confirmed', async () => {
    const bus = await openByProxy();
    proxy.muteAnswers();
    const codes = Promise.all([codeOf(bus.publisher.commit(0, BATCH)), codeOf(bus.publisher.deliver(SERVER_1, BATCH))]);
    proxy.cut();
    expect(await codes).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
  });

  it('gives up on a confirm that does not come', async () => {
    const bus = await openByProxy({ confirmTimeoutMs: 50 });
    proxy.muteAnswers();
    expect(await codeOf(bus.publisher.commit(0, BATCH))).to.equal('TIMEOUT');
    proxy.cut();
  });

  it('refuses more than may be unconfirmed, also after it gave up on some', async () => {
    const bus = await openByProxy({ confirmTimeoutMs: 50, unconfirmedBytes: 1_000 });
    proxy.muteAnswers();
    await codeOf(bus.publisher.commit(0, Buffer.alloc(600)));
    expect(await codeOf(bus.publisher.commit(0, Buffer.alloc(600)))).to.equal('OVERLOADED');
    proxy.cut();
  });

  it('closes although the broker does not answer', async () => {
    const bus = await openByProxy();
    await bus.consumer.consumeDeliveries(SERVER_1, { onEnvelope: () => Promise.resolve(), onInterrupted: () => undefined });
    proxy.muteAnswers();
    const unconfirmed = codeOf(bus.publisher.commit(0, BATCH));
    await bus.close();
    expect(await unconfirmed).to.equal('UNAVAILABLE');
  });

  it('lets another process take over a partition, with what was not settled', async () => {
    const bus = await openByProxy();
    const started = new Gate();
    await bus.consumer.consumeCommits({
      prefetch: 10,
      onBatches: () => {
        started.open();
        return Promise.reject(new Error('the store is away'));
      },
    });
    const other = await world.open();
    const batches = new Inbox<string>();
    await other.consumer.consumeCommits({
      prefetch: 10,
      onBatches: (_, received) => {
        for (const batch of received) batches.add(String(batch));
        return Promise.resolve({ poison: [] });
      },
    });
    await other.publisher.commit(0, BATCH);
    await started.opened;
    await proxy.close();
    expect(await batches.first()).to.equal('batch');
  });
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'resolved',
    (error: unknown) => toChatError(error).code,
  );
}

function collectInto(inbox: Inbox<string>): (envelope: Uint8Array) => Promise<void> {
  return (envelope) => {
    inbox.add(Buffer.from(envelope).toString());
    return Promise.resolve();
  };
}
