import { expect } from 'chai';
import type { ServerId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { ErrorCode } from '../../shared/errors/codes.js';
import type { ControlMessage } from '../../shared/ports/index.js';
import { Gate } from '../support/gate.js';
import { Inbox } from '../support/inbox.js';
import { describeCommitContract } from './bus-commits.contract.js';
import {
  bytes,
  receiveInto,
  resolveInto,
  ROOMY,
  type BusUnderTest,
  type BusWorld,
  type BusWorldOptions,
  type MakeBusWorld,
} from './bus-fixtures.js';

const SERVER = 's1' as ServerId;
const NOBODY = 's2' as ServerId;

export function describeBusContract(name: string, makeWorld: MakeBusWorld): void {
  describe(`bus contract: ${name}: commits`, () => {
    describeCommitContract(makeWorld);
  });

  describe(`bus contract: ${name}: deliveries, notices and bounds`, () => {
    let world: BusWorld;
    let bus: BusUnderTest;

    const enter = async (options: BusWorldOptions): Promise<void> => {
      world = await makeWorld(options);
      bus = await world.open();
    };

    afterEach(() => world.close());

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

      it('have been copied when the call returns: their bytes may be used again', async () => {
        const envelopes = new Inbox<string>();
        await bus.consumer.consumeDeliveries(SERVER, receiveInto(envelopes));
        const place = bytes('one');
        const first = bus.publisher.deliver(SERVER, place);
        place.set(bytes('two'));
        await Promise.all([first, bus.publisher.deliver(SERVER, place)]);
        expect(await envelopes.take(2)).to.deep.equal(['one', 'two']);
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
