import { expect } from 'chai';
import type { ServerId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { ErrorCode } from '../../shared/errors/codes.js';
import type { BusConsumer, BusPublisher, ControlMessage } from '../../shared/ports/index.js';
import { Gate } from '../support/gate.js';
import { Inbox } from '../support/inbox.js';

export interface BusUnderTest {
  readonly publisher: BusPublisher;
  readonly consumer: BusConsumer;
}

/** A bus with two partitions and nothing on it. */
export interface BusWorld {
  /** The bus as another process sees it. */
  open(): Promise<BusUnderTest>;
  close(): Promise<void>;
}

export interface BusWorldOptions {
  /** Bound of a partition and of a server's queue. */
  readonly queueBytes: number;
}

type Handed = readonly [partition: number, batches: readonly string[]];

const SERVER = 's1' as ServerId;
const NOBODY = 's2' as ServerId;
const NO_POISON = { poison: [] };
const ROOMY = { queueBytes: 10 * 1024 * 1024 };

export function describeBusContract(name: string, makeWorld: (options: BusWorldOptions) => Promise<BusWorld>): void {
  describe(`bus contract: ${name}`, () => {
    let world: BusWorld;
    let bus: BusUnderTest;

    const enter = async (options: BusWorldOptions): Promise<void> => {
      world = await makeWorld(options);
      bus = await world.open();
    };

    afterEach(() => world.close());

    describe('commits', () => {
      beforeEach(() => enter(ROOMY));

      it('reach the consumer of their partition', async () => {
        const handed = new Inbox<Handed>();
        await bus.consumer.consumeCommits({ prefetch: 10, onBatches: collectInto(handed) });
        await bus.publisher.commit(1, bytes('hello'));
        expect(await handed.first()).to.deep.equal([1, ['hello']]);
      });

      it('wait for a consumer, in their order', async () => {
        for (const text of ['a', 'b', 'c']) await bus.publisher.commit(0, bytes(text));
        const batches = new Inbox<string>();
        await bus.consumer.consumeCommits({ prefetch: 10, onBatches: spreadInto(batches) });
        expect(await batches.take(3)).to.deep.equal(['a', 'b', 'c']);
      });

      it('keep the order in which they were called', async () => {
        const batches = new Inbox<string>();
        await bus.consumer.consumeCommits({ prefetch: 10, onBatches: spreadInto(batches) });
        const texts = Array.from({ length: 50 }, (_, i) => String(i));
        await Promise.all(texts.map((text) => bus.publisher.commit(0, bytes(text))));
        expect(await batches.take(50)).to.deep.equal(texts);
      });

      it('are handed out at most prefetch at once', async () => {
        const texts = Array.from({ length: 7 }, (_, i) => String(i));
        for (const text of texts) await bus.publisher.commit(0, bytes(text));
        const handed = new Inbox<Handed>();
        const batches = new Inbox<string>();
        await bus.consumer.consumeCommits({
          prefetch: 3,
          onBatches: (partition, received) => {
            handed.add([partition, received.map(text)]);
            return spreadInto(batches)(partition, received);
          },
        });
        expect(await batches.take(7)).to.deep.equal(texts);
        expect(Math.max(...handed.items.map(([, received]) => received.length))).to.be.within(1, 3);
      });

      it('of one partition are handed out by one call at a time', async () => {
        const [handed, gate] = [new Inbox<Handed>(), new Gate()];
        let calls = 0;
        let mostCalls = 0;
        const onBatches = async (partition: number, received: readonly Uint8Array[]): Promise<{ readonly poison: readonly number[] }> => {
          mostCalls = Math.max(mostCalls, (calls += 1));
          handed.add([partition, received.map(text)]);
          await gate.opened;
          calls -= 1;
          return NO_POISON;
        };
        await bus.consumer.consumeCommits({ prefetch: 10, onBatches });
        await bus.publisher.commit(0, bytes('first'));
        await handed.first();
        await bus.publisher.commit(0, bytes('second'));
        await bus.publisher.commit(0, bytes('third'));
        gate.open();
        await handed.take(2);
        expect(mostCalls).to.equal(1);
      });

      it('of one partition do not wait for another', async () => {
        const [handed, gate] = [new Inbox<Handed>(), new Gate()];
        await bus.consumer.consumeCommits({
          prefetch: 10,
          onBatches: async (partition, received) => {
            if (partition === 0) await gate.opened;
            return collectInto(handed)(partition, received);
          },
        });
        await bus.publisher.commit(0, bytes('stuck'));
        await bus.publisher.commit(1, bytes('free'));
        expect(await handed.first()).to.deep.equal([1, ['free']]);
        gate.open();
      });

      it('come again, before all later ones, when their handler rejects', async () => {
        const batches = new Inbox<string>();
        let failures = 0;
        await bus.consumer.consumeCommits({
          prefetch: 10,
          onBatches: async (partition, received) => {
            if (failures++ === 0) {
              await bus.publisher.commit(0, bytes('later'));
              throw new Error('the store is away');
            }
            return spreadInto(batches)(partition, received);
          },
        });
        await bus.publisher.commit(0, bytes('early'));
        expect(await batches.take(2)).to.deep.equal(['early', 'later']);
      });

      it('that are poison do not come again, and the others are settled', async () => {
        for (const text of ['good', 'bad', 'fine']) await bus.publisher.commit(0, bytes(text));
        const first = new Inbox<string>();
        const subscription = await bus.consumer.consumeCommits({
          prefetch: 10,
          onBatches: async (partition, received) => {
            await spreadInto(first)(partition, received);
            return { poison: received.flatMap((batch, i) => (text(batch) === 'bad' ? [i] : [])) };
          },
        });
        await first.take(3);
        await subscription.cancel();
        await bus.publisher.commit(0, bytes('next'));
        const second = new Inbox<string>();
        await bus.consumer.consumeCommits({ prefetch: 10, onBatches: spreadInto(second) });
        expect(await second.first()).to.equal('next');
      });

      it('go to a single active consumer of all processes', async () => {
        const [active, passive] = [new Inbox<string>(), new Inbox<string>()];
        await bus.consumer.consumeCommits({ prefetch: 1, onBatches: spreadInto(active) });
        await (await world.open()).consumer.consumeCommits({ prefetch: 1, onBatches: spreadInto(passive) });
        for (let i = 0; i < 10; i++) await bus.publisher.commit(0, bytes(String(i)));
        await active.take(10);
        expect(passive.items).to.deep.equal([]);
      });

      it('go to the next consumer when the active one is cancelled', async () => {
        const [active, passive] = [new Inbox<string>(), new Inbox<string>()];
        const subscription = await bus.consumer.consumeCommits({ prefetch: 1, onBatches: spreadInto(active) });
        await (await world.open()).consumer.consumeCommits({ prefetch: 1, onBatches: spreadInto(passive) });
        await bus.publisher.commit(0, bytes('mine'));
        await active.first();
        await subscription.cancel();
        await bus.publisher.commit(0, bytes('yours'));
        expect(await passive.first()).to.equal('yours');
      });

      it('that a cancelled consumer did not take go to the next one', async () => {
        const failed = new Gate();
        const subscription = await bus.consumer.consumeCommits({
          prefetch: 10,
          onBatches: () => {
            failed.open();
            return Promise.reject(new Error('the store is away'));
          },
        });
        await bus.publisher.commit(0, bytes('kept'));
        await failed.opened;
        await subscription.cancel();
        const batches = new Inbox<string>();
        await bus.consumer.consumeCommits({ prefetch: 10, onBatches: spreadInto(batches) });
        expect(await batches.first()).to.equal('kept');
      });

      it('are settled before the cancelling ends', async () => {
        const [started, gate] = [new Gate(), new Gate()];
        let settled = false;
        const subscription = await bus.consumer.consumeCommits({
          prefetch: 10,
          onBatches: async () => {
            started.open();
            await gate.opened;
            settled = true;
            return NO_POISON;
          },
        });
        await bus.publisher.commit(0, bytes('last'));
        await started.opened;
        const cancelled = subscription.cancel();
        gate.open();
        await cancelled;
        expect(settled).to.equal(true);
      });
    });

    describe('a full queue', () => {
      beforeEach(() => enter({ queueBytes: 20_000 }));

      it('refuses commits', async () => {
        const code = await firstRefusal(() => bus.publisher.commit(0, new Uint8Array(2_000)));
        expect(code).to.equal('OVERLOADED');
      });

      it('refuses deliveries', async () => {
        const gate = new Gate();
        await bus.consumer.consumeDeliveries(SERVER, { onEnvelope: () => gate.opened, onInterrupted: () => undefined });
        const code = await firstRefusal(() => bus.publisher.deliver(SERVER, new Uint8Array(2_000)));
        gate.open();
        expect(code).to.equal('OVERLOADED');
      });
    });

    describe('deliveries', () => {
      beforeEach(() => enter(ROOMY));

      it('reach their server, in order', async () => {
        const envelopes = new Inbox<string>();
        await bus.consumer.consumeDeliveries(SERVER, receiveInto(envelopes));
        const texts = Array.from({ length: 50 }, (_, i) => String(i));
        const taken = await Promise.all(texts.map((text) => bus.publisher.deliver(SERVER, bytes(text))));
        expect(new Set(taken)).to.deep.equal(new Set([true]));
        expect(await envelopes.take(50)).to.deep.equal(texts);
      });

      it('to a server that nobody is come back', async () => {
        expect(await bus.publisher.deliver(NOBODY, bytes('hello'))).to.equal(false);
      });

      it('that come back are told from those that arrive at the same time', async () => {
        await bus.consumer.consumeDeliveries(SERVER, receiveInto(new Inbox()));
        const targets = [SERVER, NOBODY, SERVER, NOBODY, NOBODY, SERVER];
        const taken = await Promise.all(targets.map((serverId) => bus.publisher.deliver(serverId, bytes('hello'))));
        expect(taken).to.deep.equal([true, false, true, false, false, true]);
      });

      it('of one server do not reach another', async () => {
        const [mine, others] = [new Inbox<string>(), new Inbox<string>()];
        await bus.consumer.consumeDeliveries(SERVER, receiveInto(mine));
        await bus.consumer.consumeDeliveries(NOBODY, receiveInto(others));
        await bus.publisher.deliver(SERVER, bytes('for s1'));
        await bus.publisher.deliver(NOBODY, bytes('for s2'));
        expect(await others.first()).to.equal('for s2');
        expect(await mine.first()).to.equal('for s1');
      });

      it('that their server refuses become undelivered', async () => {
        const undelivered = new Inbox<string>();
        await bus.consumer.consumeUndelivered(resolveInto(undelivered));
        const onEnvelope = (): Promise<void> => Promise.reject(new Error('cannot be read'));
        await bus.consumer.consumeDeliveries(SERVER, { onEnvelope, onInterrupted: () => undefined });
        await bus.publisher.deliver(SERVER, bytes('back'));
        expect(await undelivered.first()).to.equal('back');
      });
    });

    describe('notifications', () => {
      beforeEach(() => enter(ROOMY));

      it('wait for the notifier', async () => {
        await bus.publisher.notify(bytes('ring'));
        const batches = new Inbox<string>();
        await bus.consumer.consumeNotifications(resolveInto(batches));
        expect(await batches.first()).to.equal('ring');
      });

      it('are handed to one notifier only', async () => {
        const [batches, other] = [new Inbox<string>(), new Inbox<string>()];
        const first = await bus.consumer.consumeNotifications(resolveInto(batches));
        await bus.publisher.notify(bytes('once'));
        await batches.first();
        await first.cancel();
        await bus.consumer.consumeNotifications(resolveInto(other));
        await bus.publisher.notify(bytes('next'));
        expect(await other.first()).to.equal('next');
      });
    });

    describe('control messages', () => {
      beforeEach(() => enter(ROOMY));

      it('reach every process', async () => {
        const [mine, theirs] = [new Inbox<ControlMessage>(), new Inbox<ControlMessage>()];
        await bus.consumer.consumeControl(mine.add);
        await (await world.open()).consumer.consumeControl(theirs.add);
        const message: ControlMessage = { type: 'revoke', deviceIds: ['d1'], confirmation: 'c1' };
        await bus.publisher.control(message);
        expect(await mine.first()).to.deep.equal(message);
        expect(await theirs.first()).to.deep.equal(message);
      });

      it('no longer reach a process that has cancelled', async () => {
        const [gone, there] = [new Inbox<ControlMessage>(), new Inbox<ControlMessage>()];
        const subscription = await bus.consumer.consumeControl(gone.add);
        await bus.consumer.consumeControl(there.add);
        await subscription.cancel();
        await bus.publisher.control({ type: 'server-changed', serverId: SERVER });
        await there.first();
        expect(gone.items).to.deep.equal([]);
      });

      it('need nobody to listen', async () => {
        await bus.publisher.control({ type: 'server-changed', serverId: SERVER });
      });
    });
  });
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function collectInto(inbox: Inbox<Handed>) {
  return (partition: number, batches: readonly Uint8Array[]): Promise<{ readonly poison: readonly number[] }> => {
    inbox.add([partition, batches.map(text)]);
    return Promise.resolve(NO_POISON);
  };
}

function spreadInto(inbox: Inbox<string>) {
  return (_partition: number, batches: readonly Uint8Array[]): Promise<{ readonly poison: readonly number[] }> => {
    for (const batch of batches) inbox.add(text(batch));
    return Promise.resolve(NO_POISON);
  };
}

function resolveInto(inbox: Inbox<string>) {
  return (envelope: Uint8Array): Promise<void> => {
    inbox.add(text(envelope));
    return Promise.resolve();
  };
}

function receiveInto(inbox: Inbox<string>): { onEnvelope: (envelope: Uint8Array) => Promise<void>; onInterrupted: () => void } {
  return { onEnvelope: resolveInto(inbox), onInterrupted: () => undefined };
}

/** Publishes until it is refused: a broker notices a little late that a queue is full. */
async function firstRefusal(publish: () => Promise<unknown>): Promise<ErrorCode | undefined> {
  for (let i = 0; i < 500; i++) {
    try {
      await publish();
    } catch (error) {
      return error instanceof ChatError ? error.code : undefined;
    }
  }
  return undefined;
}
