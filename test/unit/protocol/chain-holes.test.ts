import { expect } from 'chai';
import { idTime } from '../../../shared/domain/ids.js';
import type { Chain } from '../../../shared/protocol/chain.js';
import type { SyncedChannel } from '../../../shared/protocol/frames.js';
import { at, caughtUp, e, NONE, reply, START, state } from '../../support/chain-facts.js';

describe('chain: holes', () => {
  function withHole(): Chain {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(3), prev: e(2) }, at(0));
    return chain;
  }

  function ask(chain: Chain, now: number, parts: Partial<SyncedChannel> = {}): void {
    chain.beginCatchUp();
    chain.answer(reply({ messages: [state(e(3), e(2))], cursor: e(3), ...parts }), chain.ask(), at(now));
  }

  it('asks again after 1, 2, 4 and at most 30 seconds', () => {
    const chain = withHole();
    const waits = [0, 1, 2, 3, 4, 5, 6].map((n) => {
      ask(chain, n * 100);
      return (chain.holes[0]?.askAt ?? 0) - START - n * 100;
    });
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('closes with the answer that brings the event', () => {
    const chain = withHole();
    ask(chain, 100, { messages: [state(e(2), e(1)), state(e(3), e(2))] });
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(3));
  });

  it('stays open when only a later event of its message is known: what was before the first one may be missing too', () => {
    const chain = withHole();
    ask(chain, 100, { messages: [state(e(2), e(3), e(4)), state(e(3), e(2))], cursor: e(4) });
    expect(chain.holes.map(({ id }) => id)).to.deep.equal([e(2)]);
    expect(chain.cursor).to.equal(e(1));
  });

  it('closes with a link to the event, however much happened to its message since', () => {
    const chain = withHole();
    ask(chain, 100, { messages: [state(e(1), NONE, e(3))], links: [{ id: e(2), prev: e(1) }] });
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(3));
  });

  it('stays open for 60 seconds even if the archive is past it', () => {
    const chain = withHole();
    ask(chain, 59_000, { archivedThrough: e(3) });
    expect(chain.holes).to.have.length(1);
  });

  it('stays open after 60 seconds while the archive is not past it', () => {
    const chain = withHole();
    ask(chain, 120_000, { archivedThrough: e(1) });
    expect(chain.holes).to.have.length(1);
  });

  it('is given up when the archive is past it and 60 seconds have gone by; then the cursor moves on', () => {
    const chain = withHole();
    ask(chain, 60_100, { archivedThrough: e(3) });
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(3));
  });

  it('is not opened again once it was given up', () => {
    const chain = withHole();
    ask(chain, 60_100, { archivedThrough: e(3) });
    chain.beginCatchUp();
    chain.answer(reply({ messages: [state(e(4), e(2))], cursor: e(4) }), chain.ask(), at(60_200));
    expect(chain.holes).to.deep.equal([]);
  });

  describe('more of them than a question may name', () => {
    /** Of e(1) to e(160), every other one is missing. */
    function withMany(): Chain {
      const chain = caughtUp(e(1));
      for (let n = 3; n <= 161; n += 2) chain.observe({ id: e(n), prev: e(n - 1) }, at(n));
      return chain;
    }
    const named = Array.from({ length: 50 }, (_, n) => state(e(2 * n + 2), e(2 * n + 1)));

    it('names as many as it may', () => {
      expect(withMany().ask().ids).to.have.length(50);
    });

    it('hold the cursor back although they are not named', () => {
      const chain = withMany();
      ask(chain, 200, { messages: named, cursor: e(161) });
      expect(chain.holes).to.deep.equal([]);
      expect(chain.whole).to.equal(false);
      expect(chain.cursor).to.equal(e(101));
      expect(chain.askAt).to.be.a('number');
    });

    it('are asked for with everything after the cursor, until the archive is past the last of them', () => {
      const chain = withMany();
      ask(chain, 200, { messages: named, cursor: e(161) });
      ask(chain, 61_000, { cursor: e(161), archivedThrough: e(159) });
      expect(chain.whole).to.equal(false);
      ask(chain, 62_000, { cursor: e(161), archivedThrough: e(161) });
      expect(chain.whole).to.equal(true);
      expect(chain.cursor).to.equal(e(161));
      expect(chain.askAt).to.equal(undefined);
    });
  });

  it('measures its age by its id as well, by the server clock', () => {
    const chain = caughtUp(e(1));
    const moment = { now: START, serverNow: idTime(e(2)) + 61_000, graceMs: 100 };
    chain.observe({ id: e(3), prev: e(2) }, moment);
    chain.beginCatchUp();
    chain.answer(reply({ messages: [state(e(3), e(2))], cursor: e(3), archivedThrough: e(3) }), chain.ask(), moment);
    expect(chain.holes).to.deep.equal([]);
  });
});

describe('chain: asking by name', () => {
  /** Stands at 1, has 5 and what follows it, and knows that 4 is missing. */
  function withGap(): Chain {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(5), prev: e(4) }, at(0));
    chain.observe({ id: e(6), prev: e(5) }, at(1));
    return chain;
  }

  function answer(chain: Chain, now: number, parts: Partial<SyncedChannel>): string {
    const asked = chain.ask();
    return chain.answer(reply({ cursor: asked.after, ...parts }), asked, at(now));
  }

  it('asks for the whole gap before a new hole', () => {
    const chain = withGap();
    expect(chain.ask()).to.deep.equal({ after: e(1), ids: [e(4)], all: false });
    const messages = [state(e(2), e(1)), state(e(4), e(2)), state(e(5), e(4)), state(e(6), e(5))];
    expect(answer(chain, 100, { messages, cursor: e(6) })).to.equal('done');
    expect(chain.whole).to.equal(true);
    expect(chain.cursor).to.equal(e(6));
  });

  it('asks only for the hole itself, and what is new, once it has looked at the gap', () => {
    const chain = withGap();
    answer(chain, 100, { messages: [state(e(2), e(1)), state(e(5), e(4)), state(e(6), e(5))], cursor: e(6) });
    expect(chain.cursor).to.equal(e(2));
    expect(chain.ask()).to.deep.equal({ after: e(6), ids: [e(4)], all: false });
    answer(chain, 1_200, { messages: [state(e(4), e(2))], cursor: e(6) });
    expect(chain.cursor).to.equal(e(6));
  });

  it('keeps what it brings: what is before that is a hole until it is had', () => {
    const chain = withGap();
    answer(chain, 100, { messages: [state(e(4), e(3)), state(e(5), e(4)), state(e(6), e(5))], cursor: e(6) });
    expect(chain.holes.map(({ id }) => id)).to.deep.equal([e(3)]);
    expect(chain.cursor).to.equal(e(1));
  });

  it('does not take an older state of a message for the events before it', () => {
    const chain = withGap();
    answer(chain, 100, { messages: [state(e(5), e(4)), state(e(6), e(5))], cursor: e(6) });
    chain.recheck(e(1), at(200));
    answer(chain, 1_200, { messages: [state(e(1), NONE, e(3))], cursor: e(6) });
    expect(chain.hasSeen(e(3))).to.equal(false);
  });

  it('takes nothing for had out of an answer that is not all', () => {
    const chain = withGap();
    const messages = [state(e(4), e(3), e(7))];
    expect(answer(chain, 100, { messages, links: [{ id: e(7), prev: e(6) }], error: 'UNAVAILABLE' })).to.equal('failed');
    expect([e(4), e(7)].map((id) => chain.hasSeen(id))).to.deep.equal([false, false]);
    chain.observe({ id: e(8), prev: e(7) }, at(200));
    expect(chain.cursor).to.equal(e(1));
  });

  it('goes on with everything from the cursor on when there is more than an answer holds', () => {
    const chain = withGap();
    expect(answer(chain, 100, { messages: [state(e(2), e(1))], cursor: e(2), more: true })).to.equal('more');
    expect(chain.ask()).to.deep.equal({ after: e(1), ids: [e(4)], all: true });
  });

  it('looks at everything after the cursor once more before it gives a hole up', () => {
    const chain = withGap();
    answer(chain, 100, { cursor: e(6) });
    expect(chain.wantsAll).to.equal(false);
    answer(chain, 61_000, { cursor: e(6), archivedThrough: e(6) });
    expect(chain.wantsAll).to.equal(true);
    expect(chain.askAt).to.equal(at(61_000).now);
    chain.beginCatchUp();
    answer(chain, 61_100, { messages: [state(e(5), e(4))], cursor: e(6), archivedThrough: e(6) });
    expect(chain.whole).to.equal(true);
    expect(chain.cursor).to.equal(e(6));
  });
});
