import { expect } from 'chai';
import { TurnBatcher } from '../../../shared/routing/turn-batcher.js';

interface Probe {
  readonly batches: string[][];
  readonly batcher: TurnBatcher<string>;
  /** Ends the oldest batch under way. */
  readonly release: () => void;
  /** Resolves when the given number of batches has begun. */
  readonly begun: (count: number) => Promise<void>;
}

function probe(bounds: Partial<ConstructorParameters<typeof TurnBatcher<string>>[0]> = {}): Probe {
  const batches: string[][] = [];
  const releases: (() => void)[] = [];
  let wake = (): void => undefined;
  const batcher = new TurnBatcher<string>({
    flush: (items) => {
      batches.push(items);
      wake();
      return new Promise((resolve) => releases.push(resolve));
    },
    concurrency: 1,
    maxItems: 100,
    maxSize: 1000,
    sizeOf: (item) => item.length,
    maxWaitingItems: 1000,
    maxWaitingSize: 10_000,
    ...bounds,
  });
  const begun = async (count: number): Promise<void> => {
    while (batches.length < count) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { batches, batcher, release: () => releases.shift()?.(), begun };
}

describe('turn batcher', () => {
  it('sends what one turn brought as one batch', async () => {
    const { batcher, batches, begun } = probe();
    batcher.add('a');
    batcher.add('b');
    await begun(1);
    expect(batches).to.deep.equal([['a', 'b']]);
  });

  it('gathers while a batch is under way and sends the rest when it ends', async () => {
    const { batcher, batches, begun, release } = probe();
    batcher.add('a');
    await begun(1);
    batcher.add('b');
    batcher.add('c');
    expect(batches).to.have.lengthOf(1);
    release();
    await begun(2);
    expect(batches[1]).to.deep.equal(['b', 'c']);
  });

  it('bounds a batch in items and in size, but lets one large item travel alone', async () => {
    const { batcher, batches, begun, release } = probe({ maxItems: 2, maxSize: 5 });
    for (const item of ['aa', 'bb', 'cc', 'dddddddd', 'e']) batcher.add(item);
    for (let i = 1; i <= 4; i++) {
      await begun(i);
      release();
    }
    expect(batches).to.deep.equal([['aa', 'bb'], ['cc'], ['dddddddd'], ['e']]);
  });

  it('refuses what does not fit into its bounds, and takes it again once there is room', async () => {
    const { batcher, begun, release } = probe({ maxWaitingItems: 1 });
    expect(batcher.add('a')).to.equal(true);
    expect(batcher.add('b')).to.equal(false);
    await begun(1);
    expect(batcher.add('b')).to.equal(true);
    release();
    await begun(2);
  });

  it('puts retried items before those that came later', async () => {
    const { batcher, batches, begun, release } = probe();
    batcher.add('a');
    await begun(1);
    batcher.add('c');
    batcher.addFirst(['a again', 'b again']);
    release();
    await begun(2);
    expect(batches[1]).to.deep.equal(['a again', 'b again', 'c']);
  });

  describe('with a gap', () => {
    const GAP_MS = 40;

    it('sends the first at once, and the next no sooner than the gap after it', async () => {
      const { batcher, begun, release } = probe({ gapMs: () => GAP_MS });
      batcher.add('a');
      const turn = new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      expect(await Promise.race([begun(1).then(() => 'begun'), turn])).to.equal('begun');
      const first = performance.now();
      batcher.add('b');
      release();
      await begun(2);
      // Node's timers may fire a millisecond early.
      expect(performance.now() - first).to.be.at.least(GAP_MS - 2);
    });

    it('asks each time how long it is', async () => {
      let gapMs = 60_000;
      const { batcher, begun, release } = probe({ gapMs: () => gapMs });
      batcher.add('a');
      await begun(1);
      gapMs = 0;
      batcher.add('b');
      release();
      await begun(2);
    });

    it('does not make a full batch wait, by number or by size', async () => {
      const { batcher, batches, begun, release } = probe({ gapMs: () => 60_000, maxItems: 2, maxSize: 5 });
      for (const item of ['a', 'b', 'c', 'd', 'eeeee', 'f']) batcher.add(item);
      for (let count = 1; count <= 3; count++) {
        await begun(count);
        release();
      }
      expect(batches).to.deep.equal([['a', 'b'], ['c', 'd'], ['eeeee']]);
      await new Promise((resolve) => setImmediate(resolve));
      expect(batcher.waiting).to.equal(1);
      batcher.add('g');
      await begun(4);
      expect(batches[3]).to.deep.equal(['f', 'g']);
    });
  });
});
