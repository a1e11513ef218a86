import { expect } from 'chai';
import { ChatError } from '../../../shared/errors/chat-error.js';
import { Barriers } from '../../../worker/archiver/barriers.js';
import { Inbox } from '../../support/inbox.js';
import { SilentLogger } from '../../support/silent-logger.js';

interface Sent {
  readonly partition: number;
  readonly barrier: unknown;
}

/** Barriers of a worker whose window lacks what the test says. */
class BarrierWorld {
  lacking: { epoch: string; partitions: readonly number[] } = { epoch: 'e1', partitions: [] };
  now = 0;
  commit: () => Promise<void> = () => Promise.resolve();
  readonly sent = new Inbox<Sent>();
  readonly #barriers = new Barriers({
    window: { unprovenPartitions: () => Promise.resolve(this.lacking) },
    publisher: {
      commit: (partition, batch) => {
        this.sent.add({ partition, barrier: JSON.parse(Buffer.from(batch).toString()) as unknown });
        return this.commit();
      },
    },
    clock: { now: () => this.now, monotonic: () => this.now },
    logger: new SilentLogger(),
  });

  async look(): Promise<void> {
    this.#barriers.look();
    await this.#barriers.stop();
  }
}

describe('barriers', () => {
  let world: BarrierWorld;
  beforeEach(() => {
    world = new BarrierWorld();
  });

  it('are sent through each partition that is not proven, with the epoch that asks', async () => {
    world.lacking = { epoch: 'e1', partitions: [0, 2] };
    await world.look();
    expect(world.sent.items).to.deep.equal([
      { partition: 0, barrier: { type: 'barrier', epoch: 'e1' } },
      { partition: 2, barrier: { type: 'barrier', epoch: 'e1' } },
    ]);
  });

  it('are not sent while everything is whole', async () => {
    await world.look();
    expect(world.sent.items).to.deep.equal([]);
  });

  it('are sent once, and again when the answer takes too long', async () => {
    world.lacking = { epoch: 'e1', partitions: [1] };
    await world.look();
    world.now = 9_000;
    await world.look();
    expect(world.sent.items).to.have.length(1);
    world.now = 10_000;
    await world.look();
    expect(world.sent.items).to.have.length(2);
  });

  it('are sent at once for another loss', async () => {
    world.lacking = { epoch: 'e1', partitions: [1] };
    await world.look();
    world.lacking = { epoch: 'e2', partitions: [1] };
    await world.look();
    expect(world.sent.items.map(({ barrier }) => barrier)).to.deep.equal([
      { type: 'barrier', epoch: 'e1' },
      { type: 'barrier', epoch: 'e2' },
    ]);
  });

  it('are tried again when the broker did not take them', async () => {
    world.lacking = { epoch: 'e1', partitions: [1] };
    world.commit = () => Promise.reject(new ChatError('UNAVAILABLE'));
    await world.look();
    world.commit = () => Promise.resolve();
    await world.look();
    expect(world.sent.items).to.have.length(2);
  });
});
