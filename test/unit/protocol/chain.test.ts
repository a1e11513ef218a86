import { expect } from 'chai';
import { Chain } from '../../../shared/protocol/chain.js';
import { at, caughtUp, e, NONE, reply, START, state } from '../../support/chain-facts.js';

describe('chain: live events', () => {
  it('moves the cursor along an unbroken chain', () => {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(2), prev: e(1) }, at(2));
    chain.observe({ id: e(3), prev: e(2) }, at(3));
    expect(chain.cursor).to.equal(e(3));
  });

  it('says whether an event is new', () => {
    const chain = caughtUp(e(1));
    expect(chain.observe({ id: e(2), prev: e(1) }, at(2)).fresh).to.equal(true);
    expect(chain.observe({ id: e(2), prev: e(1) }, at(2)).fresh).to.equal(false);
  });

  it('says that everything after the cursor is unknown when prev is empty', () => {
    const chain = caughtUp(e(1));
    expect(chain.observe({ id: e(2), prev: NONE }, at(2))).to.deep.equal({ fresh: true, unknown: true });
    expect(chain.cursor).to.equal(e(1));
  });

  it('says that everything after the cursor is unknown when the event says so, and misses what is before it', () => {
    const chain = caughtUp(e(1));
    expect(chain.observe({ id: e(3), prev: e(2), resync: true }, at(2)).unknown).to.equal(true);
    chain.beginCatchUp();
    const links = [{ id: e(3), prev: e(2) }];
    chain.answer(reply({ messages: [state(e(1), NONE, e(3))], links, cursor: e(3) }), chain.ask(), at(3));
    expect(chain.cursor).to.equal(e(1));
    expect(chain.holes.map((hole) => hole.id)).to.deep.equal([e(2)]);
  });

  it('opens a hole for an unseen prev, to be asked for after the grace time', () => {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(3), prev: e(2) }, at(10));
    expect(chain.holes).to.have.length(1);
    expect(chain.holes[0]).to.include({ id: e(2), askAt: START + 110 });
  });

  it('holds the cursor below an open hole', () => {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(2), prev: e(1) }, at(2));
    chain.observe({ id: e(4), prev: e(3) }, at(4));
    chain.observe({ id: e(5), prev: e(4) }, at(5));
    expect(chain.cursor).to.equal(e(2));
  });

  it('closes the hole and moves on when the missing event arrives late', () => {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(3), prev: e(2) }, at(3));
    chain.observe({ id: e(2), prev: e(1) }, at(4));
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(3));
  });

  it('takes a prev at or below the cursor for seen', () => {
    const chain = caughtUp(e(5));
    chain.observe({ id: e(7), prev: e(4) }, at(7));
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(7));
  });

  it('keeps at most 50 holes', () => {
    const chain = caughtUp(e(1));
    for (let n = 0; n < 60; n++) chain.observe({ id: e(10 + 2 * n), prev: e(9 + 2 * n) }, at(10));
    expect(chain.holes).to.have.length(50);
  });
});

describe('chain: catching up', () => {
  it('asks after the cursor, with the holes by name', () => {
    const chain = caughtUp(e(1));
    chain.observe({ id: e(3), prev: e(2) }, at(3));
    chain.beginCatchUp();
    expect(chain.ask()).to.deep.equal({ after: e(1), ids: [e(2)], all: true });
  });

  it('leaves the cursor to the answers while it lasts', () => {
    const chain = caughtUp(e(1));
    chain.beginCatchUp();
    chain.observe({ id: e(9), prev: e(8) }, at(9));
    expect(chain.cursor).to.equal(e(1));
    expect(chain.holes).to.deep.equal([]);
  });

  it('moves the cursor page by page', () => {
    const chain = new Chain(e(1));
    const messages = [state(e(2), e(1))];
    expect(chain.answer(reply({ messages, cursor: e(2), more: true, archivedThrough: e(9) }), chain.ask(), at(9))).to.equal('more');
    expect(chain.cursor).to.equal(e(2));
    expect(chain.ask().after).to.equal(e(2));
  });

  it('joins live events that came meanwhile', () => {
    const chain = new Chain(e(1));
    chain.observe({ id: e(3), prev: e(2) }, at(3));
    const messages = [state(e(2), e(1))];
    expect(chain.answer(reply({ messages, cursor: e(2), archivedThrough: e(2) }), chain.ask(), at(4))).to.equal('done');
    expect(chain.cursor).to.equal(e(3));
    expect(chain.holes).to.deep.equal([]);
  });

  it('opens a hole when the answer lacks what a live event named meanwhile', () => {
    const chain = new Chain(e(1));
    chain.observe({ id: e(4), prev: e(3) }, at(4));
    chain.answer(reply({ messages: [state(e(2), e(1))], cursor: e(2) }), chain.ask(), at(5));
    expect(chain.holes.map((hole) => hole.id)).to.deep.equal([e(3)]);
    expect(chain.cursor).to.equal(e(2));
  });

  it('opens a hole when the answer itself names an event that it lacks', () => {
    const chain = new Chain(e(1));
    chain.answer(reply({ messages: [state(e(2), e(1)), state(e(4), e(3))], cursor: e(4) }), chain.ask(), at(5));
    expect(chain.holes.map((hole) => hole.id)).to.deep.equal([e(3)]);
    expect(chain.cursor).to.equal(e(2));
  });

  it('opens a hole when a link of the answer names an event that it lacks', () => {
    const chain = caughtUp(e(1));
    chain.beginCatchUp();
    const links = [{ id: e(4), prev: e(3) }];
    chain.answer(reply({ messages: [state(e(2), e(1)), state(e(1), NONE, e(4))], links, cursor: e(4) }), chain.ask(), at(5));
    expect(chain.holes.map((hole) => hole.id)).to.deep.equal([e(3)]);
    expect(chain.cursor).to.equal(e(2));
  });

  it('does not pass what it does not reach to, though a state does', () => {
    const chain = caughtUp(e(1));
    chain.beginCatchUp();
    chain.answer(reply({ messages: [state(e(2), e(1), e(4))], cursor: e(2) }), chain.ask(), at(5));
    expect(chain.cursor).to.equal(e(2));
    chain.observe({ id: e(4), prev: e(3) }, at(6));
    expect(chain.holes.map((hole) => hole.id)).to.deep.equal([e(3)]);
  });

  it('waits for later pages before it misses what a page names', () => {
    const chain = new Chain(e(1));
    chain.answer(reply({ messages: [state(e(4), e(3))], cursor: e(4), more: true }), chain.ask(), at(5));
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(1));
    chain.answer(reply({ messages: [state(e(3), e(2), e(6))], cursor: e(6) }), chain.ask(), at(6));
    expect(chain.holes.map((hole) => hole.id)).to.deep.equal([e(2)]);
  });

  it('does not suspect a superseded event that is old and archived', () => {
    const chain = new Chain(e(1));
    const messages = [state(e(4), e(3))];
    chain.answer(reply({ messages, cursor: e(4), archivedThrough: e(4) }), chain.ask(), at(70_000));
    expect(chain.holes).to.deep.equal([]);
    expect(chain.cursor).to.equal(e(4));
  });

  it('stays open when the server could not read everything', () => {
    const chain = new Chain(e(1));
    expect(chain.answer(reply({ cursor: e(1), error: 'UNAVAILABLE' }), chain.ask(), at(5))).to.equal('failed');
    expect(chain.catchingUp).to.equal(true);
  });

  it('does not go round for ever when a server says more and does not move', () => {
    const chain = new Chain(e(1));
    expect(chain.answer(reply({ cursor: e(1), more: true }), chain.ask(), at(5))).to.equal('done');
  });
});

describe('chain: an event without prev that comes while a question is under way', () => {
  /** The answer was read before what the event stands for. */
  function answered(): Chain {
    const chain = caughtUp(e(1));
    chain.beginCatchUp();
    const asked = chain.ask();
    chain.observe({ id: e(5), prev: NONE }, at(5));
    chain.answer(reply({ messages: [state(e(2), e(1))], cursor: e(2) }), asked, at(6));
    return chain;
  }

  it('is not passed by the answer', () => {
    expect(answered().cursor).to.equal(e(2));
  });

  it('is passed by the answer to the next question', () => {
    const chain = answered();
    chain.beginCatchUp();
    expect(chain.ask().after).to.equal(e(2));
    chain.answer(reply({ messages: [state(e(3), e(2)), state(e(1), NONE, e(5))], cursor: e(5) }), chain.ask(), at(7));
    expect(chain.cursor).to.equal(e(5));
  });
});
