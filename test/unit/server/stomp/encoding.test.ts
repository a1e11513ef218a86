import { expect } from 'chai';
import { encodeFrame } from '../../../../server/transport/stomp/encode.js';
import { escapeHeader, unescapeHeader } from '../../../../server/transport/stomp/header-text.js';

describe('STOMP frames of the server', () => {
  const headers = { a: 'x:y\\\n\r', left: undefined };

  it('escape as 1.2 does', () => {
    expect(encodeFrame({ command: 'RECEIPT', headers }, '1.2').toString()).to.equal('RECEIPT\na:x\\cy\\\\\\n\\r\n\n\0');
  });

  it('escape as 1.1 does', () => {
    expect(encodeFrame({ command: 'RECEIPT', headers }, '1.1').toString()).to.equal('RECEIPT\na:x\\cy\\\\\\n\r\n\n\0');
  });

  it('cannot escape in 1.0: a line end becomes a space', () => {
    expect(encodeFrame({ command: 'RECEIPT', headers }, '1.0').toString()).to.equal('RECEIPT\na:x:y\\  \n\n\0');
  });

  it('leave CONNECTED without escapes', () => {
    const frame = encodeFrame({ command: 'CONNECTED', headers: { 'heart-beat': '1,2', server: 'a:b' } }, '1.2');
    expect(frame.toString()).to.equal('CONNECTED\nheart-beat:1,2\nserver:a:b\n\n\0');
  });

  it('count their bodies in bytes', () => {
    const frame = encodeFrame({ command: 'MESSAGE', headers: {}, body: '안\0' }, '1.2');
    expect(frame.toString()).to.equal('MESSAGE\ncontent-length:4\n\n안\0\0');
  });

  it('a NUL cannot be said in a header', () => {
    expect(encodeFrame({ command: 'ERROR', headers: { message: 'a\0b' } }, '1.2').toString()).to.equal('ERROR\nmessage:a b\n\n\0');
  });

  for (const escaping of ['1.1', '1.2'] as const)
    it(`what ${escaping} escapes it unescapes`, () => {
      const texts = ['', '\\', '\\n', 'a:b', '\n\n', '\\\\c', '한국어\\:'];
      expect(texts.map((text) => unescapeHeader(escapeHeader(text, escaping), escaping))).to.deep.equal(texts);
    });
});
