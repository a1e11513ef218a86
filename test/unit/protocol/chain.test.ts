import { expect } from 'chai';
import { Chain, type Moment } from '../../../shared/protocol/chain.js';
import { formatId, idTime, type ChannelId, type ClientId, type EventId, type UserId } from '../../../shared/domain/ids.js';
import { messageFromEvent } from '../../../shared/domain/events.js';
import type { Message } from '../../../shared/domain/model.js';
import type { SyncedChannel } from '../../../shared/protocol/frames.js';

const START = Date.parse('2026-11-18T10:00:00Z');
const e = (n: number): EventId => formatId(START + n, 0, 0) as EventId;
const NONE = '' as EventId;
const at = (now: number): Moment => ({ now: START + now, serverNow: START + now, graceMs: 100 });

function state(id: EventId, prev: EventId, updatedId = id): Message {
  const base = {
    id,
    prev,
    channelId: '0K3W000000001' as ChannelId,
    senderId: '0K3V000000002' as UserId,
    clientId: id as string as ClientId,
  };
  return { ...messageFromEvent({ ...base, type: 'message', content: 'x', createdAt: '' }), updatedId };
}

function reply(parts: Partial<SyncedChannel>): SyncedChannel {
  return { channelId: '0K3W000000001' as ChannelId, messages: [], events: [], cursor: NONE, more: false, archivedThrough: NONE, ...parts };
}

/** A chain that has caught up and stands at `cursor`. */
function caughtUp(cursor: EventId): Chain {
  const chain = new Chain(cursor);
  chain.answer(reply({ cursor }), chain.ask(), at(0));
  return chain;
}

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
    expect(chain.ask()).to.deep.equal({ after: e(1), ids: [e(2)] });
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
