import { expect } from 'chai';
import { ChannelFeed, startOf, type Beginning } from '../../../../server/transport/stomp/channel-feed.js';
import type { MessageEvent } from '../../../../shared/domain/events.js';
import { messageFromEvent } from '../../../../shared/domain/events.js';
import type { ChannelId, ClientId, EventId, UserId } from '../../../../shared/domain/ids.js';
import type { SyncedChannel } from '../../../../shared/protocol/frames.js';

const CHANNEL = '0S9Z0RDTPHW00' as ChannelId;
const NOW = 1_700_000_000_000;
const START = startOf(NOW);
const idOf = (n: number): EventId => (n === 0 ? START : startOf(NOW + n));

function event(n: number, prev = n - 1): MessageEvent {
  const head = { id: idOf(n), prev: idOf(prev), channelId: CHANNEL, senderId: 'u' as UserId, clientId: `c${n}` as ClientId };
  return { type: 'message', ...head, createdAt: '', content: String(n) };
}

describe('a channel as one subscription is told it', () => {
  let now: number;
  let told: string[];
  let feed: ChannelFeed;
  const moment = () => ({ now, serverNow: NOW + now, graceMs: 150 });
  const begin = (beginning: Beginning): void => {
    const deliver: ConstructorParameters<typeof ChannelFeed>[0]['deliver'] = (item) =>
      told.push(item.kind === 'event' ? item.event.type : item.message.content);
    feed = new ChannelFeed({ channelId: CHANNEL, start: START, beginning, moment: moment(), budget: { bytes: 0 }, deliver });
  };
  const take = (...events: readonly MessageEvent[]): void => events.forEach((one) => feed.take(one, moment()));
  const answer = (events: readonly MessageEvent[], more: Partial<SyncedChannel> = {}): string => {
    const ask = feed.ask();
    const cursor = events.at(-1)?.id ?? ask.after;
    const messages = events.map(messageFromEvent);
    return feed.answer(
      { channelId: CHANNEL, messages, events: [], cursor, more: false, archivedThrough: '' as EventId, ...more },
      ask,
      moment(),
    );
  };
  beforeEach(() => {
    now = 1_000;
    told = [];
  });

  it('is told in order, at once, when nothing is missing', () => {
    begin('next');
    take(event(1), event(2));
    expect(told).to.deep.equal(['1', '2']);
    expect([feed.due, feed.cursor]).to.deep.equal([undefined, idOf(2)]);
  });

  it('an event that overtook the one before it waits for that one', () => {
    begin('next');
    take(event(2));
    expect(told).to.deep.equal([]);
    take(event(1));
    expect(told).to.deep.equal(['1', '2']);
  });

  it('asks for what does not come within the grace, and goes on in order', () => {
    begin('next');
    take(event(1), event(3));
    expect(feed.due).to.equal(1_150);
    now = 1_150;
    expect(answer([event(2), event(3)])).to.equal('done');
    expect(told).to.deep.equal(['1', '2', '3']);
    expect(feed.settled).to.equal(true);
  });

  it('what is not there yet holds nobody up after that, but the place to resume from', () => {
    begin('next');
    take(event(1), event(3));
    now = 1_150;
    answer([event(3)]);
    expect(told).to.deep.equal(['1', '3']);
    expect(feed.cursor).to.equal(idOf(1));
    take(event(2));
    expect(told).to.deep.equal(['1', '3', '2']);
    expect(feed.cursor).to.equal(idOf(3));
  });

  it('nothing is told twice', () => {
    begin('next');
    take(event(1), event(1), event(2), event(1));
    expect(told).to.deep.equal(['1', '2']);
  });

  it('a late resend of what was told is not told again', () => {
    begin('next');
    take(event(1), { ...event(2), messageId: idOf(1) });
    expect(told).to.deep.equal(['1']);
    expect(feed.cursor).to.equal(idOf(2));
  });

  it('from now on: what is there already is not told, what comes meanwhile is', () => {
    begin('now');
    take(event(3));
    answer([event(1), event(2)]);
    expect(told).to.deep.equal(['3']);
    expect(feed.cursor).to.equal(idOf(3));
  });

  it('after an event: everything since, page by page, and what came meanwhile at its place', () => {
    begin('after');
    take(event(4));
    expect(answer([event(1), event(2)], { more: true })).to.equal('more');
    expect(told).to.deep.equal(['1', '2']);
    answer([event(3), event(4)]);
    expect(told).to.deep.equal(['1', '2', '3', '4']);
  });

  it('while the server cannot answer, live events go on and the question stays', () => {
    begin('after');
    take(event(3));
    expect(answer([], { error: 'UNAVAILABLE' })).to.equal('failed');
    take(event(4));
    expect(told).to.deep.equal(['3', '4']);
    expect([feed.due, feed.cursor]).to.deep.equal([2_000, START]);
    now = 2_000;
    answer([event(1), event(2), event(3), event(4)]);
    expect(told).to.deep.equal(['3', '4', '1', '2']);
    expect(feed.cursor).to.equal(idOf(4));
  });

  it('asks later and later', () => {
    begin('after');
    const waits = Array.from({ length: 7 }, () => {
      feed.ask();
      feed.fail(now);
      return (feed.due ?? 0) - now;
    });
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('an event that does not say what was before it waits for the answer', () => {
    begin('next');
    take({ ...event(1), prev: '' as EventId });
    expect([told, feed.due]).to.deep.equal([[], 1_000]);
    answer([event(1)]);
    expect([told, feed.cursor]).to.deep.equal([['1'], idOf(1)]);
  });

  it('more than can be held while asking is asked for again', () => {
    begin('after');
    const many = Array.from({ length: 400 }, (_, i) => event(i + 1));
    take(...many.slice(100));
    const first = feed.ask();
    const reply = { channelId: CHANNEL, events: [], archivedThrough: '' as EventId, more: false };
    const part = many.slice(0, 100);
    feed.answer({ ...reply, messages: part.map(messageFromEvent), cursor: idOf(100) }, first, moment());
    expect(feed.due).to.equal(now);
    answer(many.slice(100));
    expect(told).to.deep.equal(many.map(({ content }) => content));
  });

  it('long messages that can not be held while asking are asked for again as well', () => {
    begin('after');
    const long = [2, 3, 4].map((n) => ({ ...event(n), content: `${n}`.repeat(1_000_000) }));
    take(...long);
    answer([event(1)]);
    expect([told, feed.due]).to.deep.equal([['1'], now]);
    answer(long);
    expect(told.map((content) => content[0])).to.deep.equal(['1', '2', '3', '4']);
  });

  it('who is no member (any more) is told so', () => {
    begin('after');
    expect(answer([], { error: 'NOT_FOUND' })).to.equal('gone');
  });
});
