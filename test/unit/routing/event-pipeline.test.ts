import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { MemoryDirectory } from '../../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../../shared/adapters/memory/invalidation-log.js';
import { MemoryMessageStore } from '../../../shared/adapters/memory/message-store.js';
import { MemoryRecentWindow } from '../../../shared/adapters/memory/recent-window.js';
import { MemorySequencer } from '../../../shared/adapters/memory/sequencer.js';
import { MemoryServerRegistry } from '../../../shared/adapters/memory/server-registry.js';
import { createMetrics } from '../../../shared/adapters/prometheus/metrics.js';
import type { ChatEvent } from '../../../shared/domain/events.js';
import { IdClock, NO_EVENT, type ChannelId, type ClientId, type UserId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import { parseBatch, type BatchHead } from '../../../shared/protocol/event-batch.js';
import type { EventDraft } from '../../../shared/routing/event-draft.js';
import { EventPipeline } from '../../../shared/routing/event-pipeline.js';
import { FanOut } from '../../../shared/routing/fan-out.js';
import { RoutingCaches } from '../../../shared/routing/routing-caches.js';
import { systemClock } from '../../../shared/runtime/clock.js';

const ALICE = '0K3V000000001' as UserId;
const CHANNEL = '0K3W000000001' as ChannelId;

/** A pipeline over memory, whose broker does what the test says. */
class PipelineWorld {
  readonly committed: ChatEvent[][] = [];
  readonly heads: BatchHead[] = [];
  readonly window = new MemoryRecentWindow();
  readonly messages = new MemoryMessageStore();
  readonly members: UserId[] = [ALICE];
  /** How many channels' members were asked for at a time. */
  readonly lookups: number[] = [];
  readonly invalidations = new MemoryInvalidationLog();
  commit: () => Promise<void> = () => Promise.resolve();
  readonly pipeline: EventPipeline;
  readonly publisher: { accepting: boolean };

  constructor() {
    const { window, messages, invalidations } = this;
    const metrics = createMetrics({});
    const directory = new MemoryDirectory({ registry: new MemoryServerRegistry(), invalidations });
    const channels = {
      memberIds: (ids: readonly ChannelId[]) => {
        this.lookups.push(ids.length);
        return Promise.resolve(ids.map(() => this.members));
      },
    };
    const caches = new RoutingCaches({ channels, directory, invalidations });
    const publisher = {
      accepting: true,
      commit: (_: number, batch: Uint8Array) => {
        const [head, ...events] = parseBatch(batch);
        this.heads.push(head as BatchHead);
        this.committed.push(events as ChatEvent[]);
        return this.commit();
      },
      deliver: () => Promise.resolve(true),
      notify: () => Promise.resolve(),
    };
    this.publisher = publisher;
    const fanOut = new FanOut({ caches, publisher, metrics, clock: systemClock });
    const ids = new IdClock({ node: 1, now: () => Date.now() });
    const sequencer = new MemorySequencer();
    this.pipeline = new EventPipeline({ sequencer, window, messages, publisher, caches, fanOut, ids, metrics, partitions: 1 });
  }

  send(clientId: string, options: Partial<EventDraft> = {}): ReturnType<EventPipeline['submit']> {
    return this.pipeline.submit({
      channelId: CHANNEL,
      senderId: ALICE,
      clientId: clientId as ClientId,
      resend: false,
      about: undefined,
      originSession: '',
      author: 'member',
      size: 100,
      encode: (head) => JSON.stringify({ type: 'message', ...head, content: clientId }),
      ...options,
    });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'no error',
    (error: unknown) => (error as ChatError).code,
  );
}

describe('event pipeline', () => {
  let world: PipelineWorld;
  beforeEach(() => {
    world = new PipelineWorld();
  });

  it('makes nobody wait for the gap between reservations while few are under way', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      for (let n = 0; n < 20; n++) await world.send(`m${n}`);
      let confirm = (): void => undefined;
      world.commit = () => new Promise((confirmed) => (confirm = confirmed));
      const eight = Array.from({ length: 8 }, (_, n) => world.send(`n${n}`));
      while (world.committed.length < 21) await turn();
      const ninth = world.send('late');
      world.commit = () => Promise.resolve();
      confirm();
      await Promise.all(eight);
      for (let n = 0; n < 10; n++) await turn();
      expect(world.committed).to.have.length(21);
      clock.tick(5);
      await ninth;
    } finally {
      clock.restore();
    }
  });

  it('answers only after the broker has confirmed and the window holds the event', async () => {
    let confirm = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      world.commit = () => {
        resolve();
        return new Promise((confirmed) => (confirm = confirmed));
      };
    });
    let answered = false;
    const answer = world.send('m1').then((committed) => {
      answered = true;
      return committed;
    });
    await asked;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).to.equal(false);
    confirm();
    const { id } = await answer;
    const [held] = await world.window.get(CHANNEL, [id]);
    expect(held).to.not.equal(undefined);
  });

  it('notes in the head of a later batch which earlier ones the window holds', async () => {
    await world.send('m1');
    await world.send('m2');
    await world.send('m3');
    const [first, second, third] = world.heads;
    expect(first).to.include({ type: 'batch', number: 1 }).and.to.deep.include({ appended: [] });
    expect(second).to.deep.equal({ ...first, number: 2, appended: [1] });
    expect(third?.appended).to.deep.equal([2]);
  });

  it('does not note a batch that could not be appended, and repeats notes that may have been lost', async () => {
    const append = world.window.append.bind(world.window);
    world.window.append = () => Promise.reject(new ChatError('UNAVAILABLE'));
    expect(await codeOf(world.send('m1'))).to.equal('UNAVAILABLE');
    world.window.append = append;
    await world.send('m2');
    world.commit = () => Promise.reject(new ChatError('UNAVAILABLE'));
    await codeOf(world.send('m3'));
    world.commit = () => Promise.resolve();
    await world.send('m4');
    expect(world.heads.map(({ number, appended }) => ({ number, appended }))).to.deep.equal([
      { number: 1, appended: [] },
      { number: 2, appended: [] },
      { number: 3, appended: [2] },
      { number: 4, appended: [2] },
    ]);
  });

  it('numbers what comes after a loss beyond what another server may have numbered before it', async () => {
    const ahead = new IdClock({ node: 2, now: () => Date.now() + 900 });
    const lost = ahead.next();
    const { id, prev } = await world.send('m1');
    expect(id > lost).to.equal(true);
    expect(prev).to.equal(NO_EVENT);
  });

  it('answers nothing that the broker refused; the resend is the same message', async () => {
    world.commit = () => Promise.reject(new ChatError('OVERLOADED'));
    expect(await codeOf(world.send('m1'))).to.equal('OVERLOADED');
    world.commit = () => Promise.resolve();
    const { messageId } = await world.send('m1', { resend: true });
    expect(world.committed.map(([event]) => event?.id)).to.deep.equal([messageId, messageId]);
  });

  it('leaves no hole in the chain while the broker takes nothing', async () => {
    const before = await world.send('m1');
    world.publisher.accepting = false;
    expect(await codeOf(world.send('m2'))).to.equal('UNAVAILABLE');
    world.publisher.accepting = true;
    expect((await world.send('m3')).prev).to.equal(before.id);
  });

  it('gives a late resend a new event id, and lets it keep its message id, once the channel has moved on', async () => {
    world.commit = () => Promise.reject(new ChatError('UNAVAILABLE'));
    await codeOf(world.send('m1'));
    world.commit = () => Promise.resolve();
    const second = await world.send('m2');
    const late = await world.send('m1', { resend: true });
    expect(late.id > second.id && late.messageId < second.id).to.equal(true);
    expect(world.committed.at(-1)?.[0]).to.include({ id: late.id, messageId: late.messageId, content: 'm1' });
  });

  it('answers nothing while the window is away', async () => {
    world.window.append = () => Promise.reject(new ChatError('UNAVAILABLE'));
    expect(await codeOf(world.send('m1'))).to.equal('UNAVAILABLE');
  });

  it('answers nothing when the ids of its data set are lost before the window has the event', async () => {
    world.commit = () => {
      Object.assign(world.window, { epoch: 'after the loss' });
      return Promise.resolve();
    };
    expect(await codeOf(world.send('m1'))).to.equal('UNAVAILABLE');
    const [slice] = await world.window.after([{ channelId: CHANNEL, after: NO_EVENT, limit: 10 }]);
    expect(slice?.events).to.deep.equal([]);
  });

  it('keeps the order of one sender, also in a channel that nobody knows yet', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => world.send(`m${n}`)));
    const ids = answers.map((answer) => answer.id);
    expect(ids).to.deep.equal([...ids].sort());
    expect(answers.map((answer) => answer.prev)).to.deep.equal([NO_EVENT, ...ids.slice(0, -1)]);
  });

  it('looks up many channels that nobody knows yet in one go', async () => {
    const seeded: number[] = [];
    const lastEventIds = world.messages.lastEventIds.bind(world.messages);
    world.messages.lastEventIds = (ids) => {
      seeded.push(ids.length);
      return lastEventIds(ids);
    };
    const channels = Array.from({ length: 60 }, (_, n) => `0K3W0000001${10 + n}` as ChannelId);
    const answers = await Promise.all(channels.map((channelId) => world.send('m', { channelId })));
    expect(answers.map(({ prev }) => prev)).to.deep.equal(channels.map(() => NO_EVENT));
    expect({ seeded, members: world.lookups }).to.deep.equal({ seeded: [60], members: [60] });
  });

  it('keeps a new message behind the resend before it, though that has to ask the store', async () => {
    await world.send('first');
    let answerStore = (): void => undefined;
    world.messages.findByClientId = () => new Promise((resolve) => (answerStore = () => resolve(undefined)));
    const resent = world.send('again', { resend: true });
    const fresh = world.send('fresh');
    answerStore();
    expect((await resent).id < (await fresh).id).to.equal(true);
  });

  it('refuses whoever was removed before the event had its place', async () => {
    await world.send('m1');
    world.members.splice(0);
    await world.invalidations.record([`channel:${CHANNEL}`]);
    expect(await codeOf(world.send('m2'))).to.equal('FORBIDDEN');
    expect(world.committed).to.have.lengthOf(1);
  });

  it('makes one event of a command that comes twice at once', async () => {
    const [x, y] = await Promise.all([world.send('m1'), world.send('m1')]);
    expect(x).to.deep.equal(y);
    expect(world.committed.flat()).to.have.lengthOf(1);
  });

  it('sheds what is beyond its bound, and takes commands again afterwards', async () => {
    const huge = { size: 100 * 1024 * 1024 };
    const [first, second] = [world.send('m1', huge), world.send('m2', huge)];
    expect(await codeOf(second)).to.equal('OVERLOADED');
    await first;
    expect(await codeOf(world.send('m2', { ...huge, resend: true }))).to.equal('no error');
  });

  it('sheds the event that is one too many, and takes it again once there is room', async () => {
    world.publisher.accepting = false;
    const codes: string[] = [];
    const sent = Array.from({ length: 20_000 }, (_, n) => world.send(`m${n}`).catch(() => undefined));
    codes.push(await codeOf(world.send('one more')));
    await Promise.all(sent);
    codes.push(await codeOf(world.send('one more')));
    expect(codes).to.deep.equal(['OVERLOADED', 'UNAVAILABLE']);
  });
});
