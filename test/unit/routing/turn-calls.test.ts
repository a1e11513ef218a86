import { expect } from 'chai';
import type { ChatError } from '../../../shared/errors/chat-error.js';
import type { GapLaw } from '../../../shared/routing/batch-gap.js';
import { TurnCalls } from '../../../shared/routing/turn-calls.js';

describe('calls for what is asked in a turn', () => {
  const HOURS_MS = 10_000_000;
  /** Whatever the rate. */
  const HOURS: GapLaw = { ratePerMs: 1, leastMs: HOURS_MS, mostMs: HOURS_MS };

  function probe(options: { readonly gap?: GapLaw; readonly maxWaiting?: number; readonly fails?: boolean } = {}) {
    const calls: (readonly number[])[] = [];
    const call = (items: readonly number[]): Promise<readonly number[]> => {
      calls.push(items);
      return options.fails === true ? Promise.reject(new Error('away')) : Promise.resolve(items.map((item) => item * 2));
    };
    const { gap, maxWaiting = 100 } = options;
    return { calls, asking: new TurnCalls({ call, maxItems: 20, maxWaiting, ...(gap === undefined ? {} : { gap }) }) };
  }

  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it('are one for all of the turn, and each gets its own answer', async () => {
    const { calls, asking } = probe();
    expect(await Promise.all(numbers(10).map((n) => asking.ask(n)))).to.deep.equal(numbers(10).map((n) => n * 2));
    expect(calls).to.have.length(1);
  });

  it('do not wait while what is asked for comes seldom', async () => {
    const { calls, asking } = probe({ gap: { ratePerMs: HOURS_MS, leastMs: 0, mostMs: HOURS_MS } });
    for (const n of numbers(5)) expect(await asking.ask(n)).to.equal(n * 2);
    expect(await Promise.all(numbers(7).map((n) => asking.ask(n)))).to.have.length(7);
    expect(calls).to.have.length(6);
  });

  it('wait for the gap however few are under way, and a full one does not', async () => {
    const { calls, asking } = probe({ gap: HOURS });
    await asking.ask(0);
    const many = numbers(19).map((n) => asking.ask(n));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(calls).to.have.length(1);
    many.push(asking.ask(19));
    expect(await Promise.all(many)).to.have.length(20);
    expect(calls.map(({ length }) => length)).to.deep.equal([1, 20]);
  });

  it('answer each of those asked together with what the call fails with', async () => {
    const { asking } = probe({ fails: true });
    const failures = await Promise.all([1, 2].map((n) => asking.ask(n).catch((error: unknown) => (error as Error).message)));
    expect(failures).to.deep.equal(['away', 'away']);
  });

  it('are refused with OVERLOADED when too many wait', async () => {
    const { calls, asking } = probe({ maxWaiting: 1 });
    const answers = [1, 2].map((n) => asking.ask(n).catch((error: unknown) => (error as ChatError).code));
    expect(await Promise.all(answers)).to.deep.equal([2, 'OVERLOADED']);
    expect(calls).to.deep.equal([[1]]);
  });
});
