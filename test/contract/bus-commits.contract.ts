import { expect } from 'chai';
import { Gate } from '../support/gate.js';
import { Inbox } from '../support/inbox.js';
import {
  bytes,
  collectInto,
  NO_POISON,
  ROOMY,
  spreadInto,
  text,
  type BusUnderTest,
  type BusWorld,
  type Handed,
  type MakeBusWorld,
} from './bus-fixtures.js';

/** The part of the bus contract that is about durable batches. */
export function describeCommitContract(makeWorld: MakeBusWorld): void {
  describe('commits', () => {
    let world: BusWorld;
    let bus: BusUnderTest;

    beforeEach(async () => {
      world = await makeWorld(ROOMY);
      bus = await world.open();
    });
    afterEach(() => world.close());

    it('reach the consumer of their partition', async () => {
      const handed = new Inbox<Handed>();
      await bus.consumer.consumeCommits({ prefetch: 10, onBatches: collectInto(handed) });
      await bus.publisher.commit(1, bytes('hello'));
      expect(await handed.first()).to.deep.equal([1, ['hello']]);
    });

    it('have been copied when the call returns: their bytes may be used again', async () => {
      const long = 'x'.repeat(300_000);
      const place = bytes(`first ${long}`);
      const first = bus.publisher.commit(0, place);
      place.set(bytes('other'));
      const second = bus.publisher.commit(0, place.subarray(0, 11));
      place.fill(0);
      await Promise.all([first, second]);
      const batches = new Inbox<string>();
      await bus.consumer.consumeCommits({ prefetch: 10, onBatches: spreadInto(batches) });
      expect(await batches.take(2)).to.deep.equal([`first ${long}`, 'other xxxxx']);
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
}
