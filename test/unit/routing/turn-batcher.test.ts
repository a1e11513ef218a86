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
});
