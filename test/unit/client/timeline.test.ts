import { expect } from 'chai';
import * as timelines from '../../../client/timeline.js';
import type { Timeline } from '../../../client/timeline.js';
import { pendingMessage } from '../../../client/commands.js';
import { messageFromEvent, type ChatEvent, type MessageEvent } from '../../../shared/domain/events.js';
import { formatId, type ChannelId, type ClientId, type EventId, type UserId } from '../../../shared/domain/ids.js';
import type { Message } from '../../../shared/domain/model.js';

const START = Date.parse('2026-11-18T10:00:00Z');
const e = (n: number): EventId => formatId(START + n, 0, 0) as EventId;
const CHANNEL = '0K3W000000001' as ChannelId;
const BOB = '0K3V000000002' as UserId;
const ALICE = '0K3V000000001' as UserId;
const NONE = new Set<EventId>();

function event(parts: Partial<ChatEvent> & { readonly id: EventId }): ChatEvent {
  const base = { prev: '' as EventId, channelId: CHANNEL, senderId: BOB, clientId: `c-${parts.id}` as ClientId, createdAt: '' };
  return { ...base, type: 'message', content: `text ${parts.id}`, ...parts } as ChatEvent;
}

const message = (n: number, parts: Partial<MessageEvent> = {}): ChatEvent => event({ ...parts, id: e(n) });
const state = (n: number, parts: Partial<Message> = {}): Message => ({ ...messageFromEvent(message(n) as MessageEvent), ...parts });
const edit = (n: number, target: number, content: string): ChatEvent => event({ type: 'edit', id: e(n), messageId: e(target), content });
const react = (n: number, target: number, action: 'add' | 'remove'): ChatEvent =>
  event({ type: 'reaction', id: e(n), messageId: e(target), emoji: '👍', action });

function apply(timeline: Timeline, ...events: ChatEvent[]): Timeline {
  return events.reduce((current, next) => timelines.applyToTimeline(current, next).timeline, timeline);
}

const empty = (from: EventId = '' as EventId, limit = 500): Timeline => timelines.createTimeline(from, limit);
const ids = (timeline: Timeline): string[] => timelines.visibleMessages(timeline).map((m) => m.id);
const first = (timeline: Timeline): Message | undefined => timelines.visibleMessages(timeline)[0];

describe('timeline: events', () => {
  it('sorts messages by id, whatever the order of their arrival', () => {
    expect(ids(apply(empty(), message(3), message(1), message(2)))).to.deep.equal([e(1), e(2), e(3)]);
  });

  it('shows a message once, however often it arrives', () => {
    expect(ids(apply(empty(), message(1), message(1)))).to.deep.equal([e(1)]);
  });

  it('reports a new message as added once', () => {
    const once = timelines.applyToTimeline(empty(), message(1));
    expect(once.added).to.have.length(1);
    expect(timelines.applyToTimeline(once.timeline, message(1)).added).to.deep.equal([]);
  });

  it('applies an edit and reports the update', () => {
    const change = timelines.applyToTimeline(apply(empty(), message(1)), edit(2, 1, 'better'));
    expect(change.updated.map((m) => m.content)).to.deep.equal(['better']);
    expect(first(change.timeline)).to.include({ content: 'better', edited: true });
  });

  it('applies an edit that arrives before its message', () => {
    expect(first(apply(empty(), edit(2, 1, 'better'), message(1)))).to.include({ content: 'better', edited: true });
  });

  it('ends in the same reactions when two reactions arrive in the wrong order', () => {
    const right = apply(empty(), message(1), react(2, 1, 'add'), react(3, 1, 'remove'));
    const wrong = apply(empty(), message(1), react(3, 1, 'remove'), react(2, 1, 'add'));
    expect(first(right)?.reactions).to.deep.equal([]);
    expect(first(wrong)?.reactions).to.deep.equal([]);
  });

  it('drops a voided message, and does not bring it back when it arrives after the void', () => {
    const gone = event({ type: 'void', id: e(3), messageId: e(1), winnerId: e(2) });
    expect(ids(apply(empty(), message(1), message(2), gone))).to.deep.equal([e(2)]);
    expect(ids(apply(empty(), gone, message(1), message(2)))).to.deep.equal([e(2)]);
  });

  it('drops a deleted message that turns out to be a voided copy', () => {
    const deleted = apply(empty(), message(1), message(2), event({ type: 'delete', id: e(3), messageId: e(2) }));
    const merged = timelines.mergeStates(deleted, [state(2, { updatedId: e(4), voided: true, content: '' })], NONE).timeline;
    expect(ids(merged)).to.deep.equal([e(1)]);
  });

  it('keeps the id of a message that travels again under a new event', () => {
    const again = message(5, { messageId: e(2) });
    expect(ids(apply(empty(), message(3), again))).to.deep.equal([e(2), e(3)]);
  });

  it('keeps an edit that was made before its message travelled again', () => {
    const again = message(5, { messageId: e(1) });
    expect(first(apply(empty(), edit(3, 1, 'better'), again))).to.include({ content: 'better', updatedId: e(5) });
  });

  it('counts a comment in its parent, once', () => {
    const comment = message(2, { parentId: e(1) });
    const timeline = apply(empty(), message(1), comment, comment);
    expect(first(timeline)?.comments).to.deep.include({ count: 1 });
    expect(first(timeline)?.comments?.last.id).to.equal(e(2));
  });

  it('does not count a comment that the parent state from the server has counted', () => {
    const last = { id: e(2), senderId: BOB, content: '', createdAt: '' };
    const timeline = timelines.mergeStates(empty(), [state(1, { updatedId: e(2), comments: { count: 1, last } })], NONE).timeline;
    expect(first(apply(timeline, message(2, { parentId: e(1) })))?.comments).to.deep.include({ count: 1 });
  });
});

describe('timeline: states from the server', () => {
  it('inserts what is new and updates what is there', () => {
    const change = timelines.mergeStates(apply(empty(), message(1)), [state(1, { updatedId: e(5), content: 'new' }), state(2)], NONE);
    expect(change.added.map((m) => m.id)).to.deep.equal([e(2)]);
    expect(change.updated.map((m) => m.content)).to.deep.equal(['new']);
  });

  it('says nothing about a state that is known already', () => {
    const merged = timelines.mergeStates(empty(), [state(1, { updatedId: e(5) })], NONE).timeline;
    expect(timelines.mergeStates(merged, [state(1, { updatedId: e(5) })], NONE)).to.deep.equal({
      timeline: merged,
      added: [],
      updated: [],
    });
  });

  it('leaves out an older message that merely changed and is not shown', () => {
    const change = timelines.mergeStates(empty(e(10)), [state(3, { updatedId: e(12) })], NONE);
    expect(change.added).to.deep.equal([]);
    expect(ids(change.timeline)).to.deep.equal([]);
  });

  it('reports an older message that was missing, without showing it out of its place', () => {
    const change = timelines.mergeStates(empty(e(10)), [state(3)], new Set([e(3)]));
    expect(change.added.map((m) => m.id)).to.deep.equal([e(3)]);
    expect(ids(change.timeline)).to.deep.equal([]);
  });

  it('keeps a later live change over an older state', () => {
    const live = apply(empty(), message(1), edit(4, 1, 'latest'));
    const merged = timelines.mergeStates(live, [state(1, { updatedId: e(3), content: 'earlier', edited: true })], NONE).timeline;
    expect(first(merged)).to.include({ content: 'latest', updatedId: e(4) });
  });

  it('takes what an older state has that the live events lacked', () => {
    const live = apply(empty(), message(1), edit(4, 1, 'latest'));
    const reactions = [{ emoji: '👍', count: 1, users: [ALICE] }];
    const merged = timelines.mergeStates(live, [state(1, { updatedId: e(3), reactions })], NONE).timeline;
    expect(first(merged)?.reactions).to.deep.equal(reactions);
    expect(first(merged)?.content).to.equal('latest');
  });

  it('does not apply an event that the state includes', () => {
    const merged = timelines.mergeStates(empty(), [state(1, { updatedId: e(5) })], NONE).timeline;
    expect(first(apply(merged, react(2, 1, 'add')))?.reactions).to.deep.equal([]);
  });

  it('takes an edit that was still on its way when the state was read', () => {
    const merged = timelines.mergeStates(apply(empty(), message(1)), [state(1, { updatedId: e(5) })], NONE).timeline;
    expect(first(apply(merged, edit(4, 1, 'better')))).to.include({ content: 'better', updatedId: e(5) });
    const read = state(1, { updatedId: e(5), content: 'better', edited: true, editedId: e(4) });
    expect(first(timelines.mergeStates(merged, [read], NONE).timeline)).to.include({ content: 'better' });
  });

  it('keeps a live edit over a state that was read before it came', () => {
    const live = apply(empty(), message(1), edit(4, 1, 'better'));
    expect(first(timelines.mergeStates(live, [state(1, { updatedId: e(5) })], NONE).timeline)).to.include({ content: 'better' });
  });

  it('takes from an answer that is not all what is missing, and lets the next one correct it', () => {
    const live = apply(empty(), message(1), react(3, 1, 'add'));
    const unsure = timelines.mergeUnsure(live, [state(1, { updatedId: e(9) }), state(2, { updatedId: e(9) })], NONE).timeline;
    expect(first(unsure)?.reactions).to.have.length(1);
    expect(ids(unsure)).to.deep.equal([e(1), e(2)]);
    const all = timelines.mergeStates(unsure, [state(2, { updatedId: e(9), content: 'as it is' })], NONE).timeline;
    expect(timelines.visibleMessages(all)[1]).to.include({ content: 'as it is' });
  });

  it('never brings a deleted message back', () => {
    const gone = apply(empty(), message(1), event({ type: 'delete', id: e(4), messageId: e(1) }));
    const merged = timelines.mergeStates({ ...gone, log: [] }, [state(1, { updatedId: e(3) })], NONE).timeline;
    expect(first(merged)?.deleted).to.equal(true);
  });

  it('does not report a message that was deleted before it was seen', () => {
    expect(timelines.mergeStates(empty(), [state(1, { deleted: true })], NONE).added).to.deep.equal([]);
  });
});

describe('timeline: bounds', () => {
  it('keeps the newest messages', () => {
    const timeline = apply(empty('' as EventId, 2), message(1), message(2), message(3));
    expect(ids(timeline)).to.deep.equal([e(2), e(3)]);
    expect(timeline.from).to.equal(e(2));
  });

  it('does not report a dropped message again', () => {
    const timeline = apply(empty('' as EventId, 2), message(1), message(2), message(3));
    expect(timelines.mergeStates(timeline, [state(1)], NONE).added).to.deep.equal([]);
  });

  it('keeps what was scrolled up to on top, until it is given up', () => {
    const grown = apply(timelines.makeRoom(empty('' as EventId, 2), 1), message(1), message(2), message(3));
    expect(ids(grown)).to.deep.equal([e(1), e(2), e(3)]);
    expect(ids(timelines.giveUpRoom(grown))).to.deep.equal([e(2), e(3)]);
  });

  it('remembers at most 100 changes', () => {
    const changes = Array.from({ length: 150 }, (_, n) => edit(n + 10, 1, 'x'));
    expect(apply(empty(), ...changes).log).to.have.length(100);
  });
});

describe('timeline: pages of history', () => {
  it('extends the list downwards and knows the first message', () => {
    const page = timelines.mergePage(apply(empty(e(5)), message(5)), [state(3), state(4)], { first: false, cursor: e(9) });
    expect(ids(page)).to.deep.equal([e(3), e(4), e(5)]);
    expect(page.from).to.equal(e(3));
    expect(timelines.mergePage(page, [state(1)], { first: true, cursor: e(9) }).from).to.equal('');
  });

  it('reports a message beyond the cursor when its event arrives, although a page has shown it', () => {
    const page = timelines.mergePage(empty(e(5)), [state(6)], { first: false, cursor: e(5) });
    const change = timelines.applyToTimeline(page, message(6));
    expect(change.added.map((m) => m.id)).to.deep.equal([e(6)]);
    expect(timelines.applyToTimeline(change.timeline, message(6)).added).to.deep.equal([]);
  });

  it('does not report a message below the cursor', () => {
    const page = timelines.mergePage(empty(e(5)), [state(4)], { first: false, cursor: e(5) });
    expect(timelines.mergeStates(page, [state(4, { updatedId: e(7) })], NONE).added).to.deep.equal([]);
  });
});

describe('timeline: pending messages', () => {
  const frame = { type: 'send', clientId: 'mine' as ClientId, channelId: CHANNEL, content: 'hi' } as const;
  const pending = (): Timeline => timelines.addPending(empty(), pendingMessage(frame, ALICE, START));

  it('come after everything that has an id', () => {
    const timeline = apply(pending(), message(1));
    expect(timelines.visibleMessages(timeline).map((m) => m.status)).to.deep.equal(['sent', 'pending']);
  });

  it('give way to the message with the same sender and clientId', () => {
    const timeline = apply(pending(), message(1, { senderId: ALICE, clientId: frame.clientId }));
    expect(timelines.visibleMessages(timeline).map((m) => m.status)).to.deep.equal(['sent']);
  });

  it('stay when somebody else uses the same clientId', () => {
    const timeline = apply(pending(), message(1, { senderId: BOB, clientId: frame.clientId }));
    expect(timeline.pending).to.have.length(1);
  });
});
