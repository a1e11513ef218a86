import { expect } from 'chai';
import { TurnCalls } from '../../../shared/routing/turn-calls.js';

describe('calls for what is asked in a turn', () => {
  const HOURS_MS = 10_000_000;

  function probe(options: { readonly gapMs?: number; readonly maxWaiting?: number; readonly fails?: boolean } = {}) {
    const calls: (readonly number[])[] = [];
    const call = (items: readonly number[]): Promise<readonly number[]> => {
      calls.push(items);
      return options.fails === true ? Promise.reject(new Error('away')) : Promise.resolve(items.map((item) => item * 2));
    };
    const { gapMs, maxWaiting = 100 } = options;
    return { calls, asking: new TurnCalls({ call, maxItems: 20, maxWaiting, ...(gapMs === undefined ? {} : { gapMs }) }) };
  }

  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it('are one for all of the turn, and each gets its own answer', async () => {
    const { calls, asking } = probe();
    expect(await Promise.all(numbers(10).map((n) => asking.ask(n)))).to.deep.equal(numbers(10).map((n) => n * 2));
    expect(calls).to.have.length(1);
  });

  it('do not wait for the gap while few are asked for, however soon they come one after the other', async () => {
    const { calls, asking } = probe({ gapMs: HOURS_MS });
    for (const n of numbers(5)) expect(await asking.ask(n)).to.equal(n * 2);
    expect(await Promise.all(numbers(7).map((n) => asking.ask(n)))).to.have.length(7);
    expect(calls).to.have.length(6);
  });

  it('wait for the gap when many are asked for, and a full one does not', async () => {
    const { calls, asking } = probe({ gapMs: HOURS_MS });
    await asking.ask(0);
    const many = numbers(19).map((n) => asking.ask(n));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(calls).to.have.length(1);
    many.push(asking.ask(19));
    expect(await Promise.all(many)).to.have.length(20);
    expect(calls.map(({ length }) => length)).to.deep.equal([1, 20]);
  });

  for (const [title, options] of [
    ['that failed', { fails: true }],
    ['that were refused', { maxWaiting: 0 }],
  ] as const)
    it(`forget those ${title}: a few later ones wait for no gap`, async () => {
      const { asking } = probe({ gapMs: HOURS_MS, ...options });
      for (let round = 0; round < 20; round++) expect(await asking.ask(round).catch(() => 'failed')).to.equal('failed');
    });
});
