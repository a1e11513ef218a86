import { expect } from 'chai';
import { TimingWheel, type Timed } from '../../../../server/transport/stomp/timing-wheel.js';

describe('the timing wheel', () => {
  let now: number;
  let wheel: TimingWheel;
  let calls: { readonly name: string; readonly at: number }[];
  beforeEach(() => {
    now = 1_000;
    calls = [];
    wheel = new TimingWheel({ now: () => now, tickMs: 10 });
  });
  afterEach(() => wheel.stop());

  const timed = (name: string, again?: () => number | undefined): Timed => ({
    onTime: () => {
      calls.push({ name, at: now });
      return again?.();
    },
  });
  const runUntil = (end: number): void => {
    for (; now < end; now++) wheel.advance();
  };

  it('calls never early, and late by a tick at most', () => {
    for (const delay of [1, 9, 10, 11, 95, 10_239, 10_240, 10_241, 35_000]) wheel.set(timed(String(delay)), delay);
    runUntil(37_000);
    expect(calls).to.have.length(9);
    for (const { name, at } of calls) expect(at - 1_000 - Number(name)).to.be.within(0, 10);
  });

  it('calls again when asked to', () => {
    wheel.set(
      timed('beat', () => 100),
      100,
    );
    runUntil(1_505);
    expect(calls.map(({ at }) => at)).to.have.length.within(4, 5);
  });

  it('a new time takes the place of the old one', () => {
    const one = timed('one');
    wheel.set(one, 50);
    wheel.set(one, 500);
    runUntil(1_400);
    expect(calls).to.deep.equal([]);
    runUntil(1_600);
    expect(calls).to.have.length(1);
  });

  it('does not call what was cancelled, even in the same turn', () => {
    const second = timed('second');
    const first = timed('first', () => {
      wheel.cancel(second);
      return undefined;
    });
    wheel.set(first, 20);
    wheel.set(second, 20);
    runUntil(1_100);
    expect(calls.map(({ name }) => name)).to.deep.equal(['first']);
  });

  it('misses nobody when it was held up for long', () => {
    for (const delay of [20, 5_000, 20_000]) wheel.set(timed(String(delay)), delay);
    now += 60_000;
    wheel.advance();
    expect(calls.map(({ name }) => name)).to.have.members(['20', '5000', '20000']);
    expect(wheel.size).to.equal(0);
  });

  it('is right again after a rest', () => {
    wheel.set(timed('before'), 10);
    runUntil(1_050);
    now += 100_000;
    wheel.set(timed('after'), 30);
    const from = now;
    runUntil(now + 100);
    expect(calls.at(-1)?.at).to.be.within(from + 30, from + 40);
  });
});
