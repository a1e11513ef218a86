import { expect } from 'chai';
import type { TimelineMessage } from '../../../client/mod.js';
import { buildRows, indexRows, keyOf } from '../../../web/src/model/rows.js';

const NOON = new Date(2026, 10, 18, 12, 0, 0).getTime();
const MINUTE = 60_000;

function message(clientId: string, options: { readonly by?: string; readonly at?: number } = {}): TimelineMessage {
  const createdAt = new Date(options.at ?? NOON).toISOString();
  const facts = { id: `id-${clientId}`, clientId, senderId: options.by ?? 'alice', createdAt, content: clientId, status: 'sent' };
  return facts as unknown as TimelineMessage;
}

const build = (messages: readonly TimelineMessage[], unread?: string) => buildRows(messages, unread, new Map());

describe('rows of a channel', () => {
  it('group what one person writes within five minutes', () => {
    const rows = build([message('a'), message('b', { at: NOON + 4 * MINUTE }), message('c', { at: NOON + 10 * MINUTE })]);
    expect(rows.map((row) => row.startsGroup)).to.deep.equal([true, false, true]);
  });

  it('begin a group with another sender', () => {
    const rows = build([message('a'), message('b', { by: 'bob' }), message('c', { by: 'bob' })]);
    expect(rows.map((row) => row.startsGroup)).to.deep.equal([true, true, false]);
  });

  it('begin a day at the reader’s midnight', () => {
    const midnight = new Date(2026, 10, 19).getTime();
    const rows = build([message('a', { at: midnight - MINUTE }), message('b', { at: midnight }), message('c', { at: midnight + MINUTE })]);
    expect(rows.map((row) => row.startsDay)).to.deep.equal([true, true, false]);
    expect(rows[1]?.startsGroup).to.equal(true);
  });

  it('mark the first unread message, which begins a group', () => {
    const messages = [message('a'), message('b')];
    const rows = build(messages, keyOf(messages[1] as TimelineMessage));
    expect(rows.map((row) => row.firstUnread)).to.deep.equal([false, true]);
    expect(rows[1]?.startsGroup).to.equal(true);
  });

  it('stay the same objects where nothing changed, so that nothing is drawn again', () => {
    const [a, b, c] = [message('a'), message('b'), message('c')];
    const before = build([b, c]);
    const after = buildRows([a, b, c], undefined, indexRows(before));
    expect(after[1]).to.not.equal(before[0]);
    expect(after[2]).to.equal(before[1]);
  });

  it('keep the key of a message from its writing on', () => {
    const pending = { ...message('a'), id: '', status: 'pending' } as unknown as TimelineMessage;
    expect(keyOf(pending)).to.equal(keyOf(message('a')));
  });
});
