import { expect } from 'chai';
import { asPlainConnect } from '../../../server/session/plain-connect.js';
import { connectFrame } from '../../../shared/protocol/frames.js';

const good = { type: 'connect', version: 1, token: 'a.b.c' };

describe('a plain connect, checked by hand', () => {
  const cases: readonly (readonly [title: string, frame: unknown])[] = [
    ['a plain one', good],
    ['one that names its client', { ...good, client: 'web/1.0' }],
    ['another version', { ...good, version: 99 }],
    ['a version that is no whole number', { ...good, version: 1.5 }],
    ['a version beyond whole numbers', { ...good, version: 2 ** 60 }],
    ['a version that is a text', { ...good, version: '1' }],
    ['no version', { ...good, version: undefined }],
    ['a token of 4,096 characters', { ...good, token: 'x'.repeat(4096) }],
    ['a token that is too long', { ...good, token: 'x'.repeat(4097) }],
    ['an empty token', { ...good, token: '' }],
    ['a token that is no text', { ...good, token: ['x'] }],
    ['no token', { ...good, token: undefined }],
    ['a client that is too long', { ...good, client: 'x'.repeat(65) }],
    ['a client that is null', { ...good, client: null }],
    ['ticket and token together', { ...good, ticket: 't' }],
    ['a field that nobody knows', { ...good, extra: 1 }],
  ];
  for (const [title, frame] of cases) {
    it(`is taken, or left to the schema, as the schema would: ${title}`, () => {
      const bySchema = connectFrame.safeParse(frame);
      const byHand = asPlainConnect(frame);
      if (byHand === undefined) expect(bySchema.success).to.equal(false);
      else expect(JSON.stringify(byHand)).to.equal(JSON.stringify(bySchema.data));
    });
  }

  it('leaves tickets to the schema, and everything else', () => {
    for (const other of [{ type: 'connect', version: 1, ticket: 't' }, undefined, null, 'connect', 7, [], { ...good, type: 'send' }])
      expect(asPlainConnect(other)).to.equal(undefined);
  });
});
