import { expect } from 'chai';
import { asPlainSend } from '../../../server/session/plain-send.js';
import { sendFrame } from '../../../shared/protocol/frames.js';

const good = { type: 'send', clientId: 'c-1', channelId: '0K3W000000001', content: 'hello' };

describe('a plain send, checked by hand', () => {
  const cases: readonly (readonly [title: string, frame: unknown])[] = [
    ['a plain one', good],
    ['a resend', { ...good, resend: true }],
    ['100,000 characters', { ...good, content: '가'.repeat(100_000) }],
    ['too long', { ...good, content: 'x'.repeat(100_001) }],
    ['empty', { ...good, content: '' }],
    ['no content', { ...good, content: undefined }],
    ['content that is no text', { ...good, content: ['x'] }],
    ['a client id with a space', { ...good, clientId: 'a b' }],
    ['a client id that is too long', { ...good, clientId: 'x'.repeat(65) }],
    ['a channel that is no id', { ...good, channelId: '0k3w000000001' }],
    ['resend that is not true', { ...good, resend: false }],
    ['a field that nobody knows', { ...good, extra: 1 }],
  ];
  for (const [title, frame] of cases) {
    it(`is taken, or left to the schema, as the schema would: ${title}`, () => {
      const bySchema = sendFrame.safeParse(frame);
      const byHand = asPlainSend(frame);
      if (byHand === undefined) expect(bySchema.success).to.equal(false);
      else expect(byHand).to.deep.equal(bySchema.data);
    });
  }

  it('leaves everything that is more than text to the schema', () => {
    for (const more of [{ mentions: ['a'] }, { parentId: good.channelId }, { attachments: [] }]) {
      expect(asPlainSend({ ...good, ...more })).to.equal(undefined);
    }
    for (const other of [undefined, null, 'send', 7, [], { ...good, type: 'edit' }]) expect(asPlainSend(other)).to.equal(undefined);
  });
});
