import { expect } from 'chai';
import sinon from 'sinon';
import { createMetrics } from '../../../shared/adapters/prometheus/metrics.js';
import type { ChatEvent } from '../../../shared/domain/events.js';
import type { BusConsumer } from '../../../shared/ports/index.js';
import { encodeBatchHead } from '../../../shared/protocol/event-batch.js';
import { joinLines } from '../../../shared/protocol/lines.js';
import { Archiver, type ArchiverDeps } from '../../../worker/archiver/archiver.js';
import { SilentLogger } from '../../support/silent-logger.js';

type OnBatches = Parameters<BusConsumer['consumeCommits']>[0]['onBatches'];

const PRODUCER = 'p';

function batch(number: number, options: { readonly appended: readonly number[] }): Uint8Array {
  const event = { type: 'message', id: `e${number}`, channelId: 'c' };
  return joinLines([encodeBatchHead({ type: 'batch', producer: PRODUCER, number, ...options }), Buffer.from(JSON.stringify(event))]);
}

describe('archiver', () => {
  let clock: sinon.SinonFakeTimers;
  let archiver: Archiver;
  let onBatches: OnBatches;
  let stored: string[][];
  let marked: string[];
  let looks: number;

  beforeEach(async () => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
    [stored, marked, looks] = [[], [], 0];
    const apply = (events: readonly ChatEvent[]): Promise<{ conflicts: []; orphans: [] }> => {
      stored.push(events.map(({ id }) => id));
      return Promise.resolve({ conflicts: [], orphans: [] });
    };
    const window = {
      markArchived: (marks: readonly { readonly through: string }[]) =>
        Promise.resolve(void marked.push(...marks.map(({ through }) => through))),
      holds: (items: readonly unknown[]) => {
        looks += 1;
        return Promise.resolve(items.map(() => true));
      },
    };
    const consumer = {
      consumeCommits: (options: { readonly onBatches: OnBatches }) => {
        ({ onBatches } = options);
        return Promise.resolve({ cancel: () => Promise.resolve() });
      },
    };
    const deps = {
      consumer,
      prefetch: 100,
      clock: { now: () => 0 },
      messages: { apply },
      window,
      logger: new SilentLogger(),
      metrics: createMetrics({}),
    };
    archiver = new Archiver(deps as unknown as ArchiverDeps);
    await archiver.start();
  });

  afterEach(async () => {
    await archiver.stop();
    clock.restore();
  });

  it('settles what is stored as soon as a batch says that it is in the window, and before that batch is stored', async () => {
    const storing = onBatches(0, [batch(1, { appended: [] })]);
    await clock.tickAsync(0);
    const { settled } = await storing;
    void onBatches(0, [batch(2, { appended: [1] })]);
    await settled;
    expect(stored).to.deep.equal([['e1']]);
    expect(marked).to.deep.equal(['e1']);
    expect(looks).to.equal(0);
  });

  it('looks for what nobody speaks of', async () => {
    const storing = onBatches(0, [batch(1, { appended: [] })]);
    await clock.tickAsync(0);
    const { settled } = await storing;
    await clock.tickAsync(250);
    await settled;
    expect(looks).to.equal(1);
    expect(marked).to.deep.equal(['e1']);
  });

  it('stores what comes behind a head that it does not understand, and looks for it', async () => {
    const event = Buffer.from(JSON.stringify({ type: 'message', id: 'e1', channelId: 'c' }));
    const storing = onBatches(0, [joinLines([Buffer.from('{"type":"batch"}'), event])]);
    await clock.tickAsync(0);
    await (
      await storing
    ).settled;
    expect(stored).to.deep.equal([['e1']]);
    expect(looks).to.equal(1);
  });

  it('says which batches it cannot read, and stores the others', async () => {
    const storing = onBatches(0, [Buffer.from('{'), batch(1, { appended: [] })]);
    await clock.tickAsync(0);
    expect((await storing).poison).to.deep.equal([0]);
    expect(stored).to.deep.equal([['e1']]);
  });
});
