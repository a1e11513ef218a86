import { expect } from 'chai';
import type { ChatError } from '../../../../shared/errors/chat-error.js';
import type { StompVersion } from '../../../../server/transport/stomp/frame.js';
import { StompParser } from '../../../../server/transport/stomp/parser.js';
import { cuts, parseAll, SMALL_LIMITS, type PlainFrame } from '../../../support/stomp-bytes.js';

const send = (headers: Readonly<Record<string, string>>, body = ''): PlainFrame => ({ command: 'SEND', headers, body });

interface Good {
  readonly title: string;
  readonly bytes: string | Uint8Array;
  readonly version?: StompVersion;
  readonly is: readonly (PlainFrame | 'heart-beat')[];
}

const GOOD: readonly Good[] = [
  { title: 'a frame without headers', bytes: 'DISCONNECT\n\n\0', is: [{ command: 'DISCONNECT', headers: {}, body: '' }] },
  { title: 'a body that ends with NUL', bytes: 'SEND\na:b\n\nhi\0', is: [send({ a: 'b' }, 'hi')] },
  {
    title: 'a body with NULs, by its length',
    bytes: 'SEND\ncontent-length:5\n\na\0\0b\n\0',
    is: [send({ 'content-length': '5' }, 'a\0\0b\n')],
  },
  { title: 'a length of nothing', bytes: 'SEND\ncontent-length:0\n\n\0', is: [send({ 'content-length': '0' })] },
  { title: 'lines that end with CRLF', version: '1.2', bytes: 'SEND\r\na:b\r\n\r\nhi\0', is: [send({ a: 'b' }, 'hi')] },
  { title: 'lines that end with CRLF before a version is agreed on', bytes: 'SEND\r\na:b\r\n\r\nhi\0', is: [send({ a: 'b' }, 'hi')] },
  { title: 'a carriage return as part of a value, before 1.2', version: '1.1', bytes: 'SEND\na:b\r\n\n\0', is: [send({ a: 'b\r' })] },
  { title: 'the first of repeated headers', bytes: 'SEND\na:1\na:2\n\n\0', is: [send({ a: '1' })] },
  { title: 'values with colons and spaces as they are', version: '1.2', bytes: 'SEND\na: b:c \n\n\0', is: [send({ a: ' b:c ' })] },
  { title: 'an empty value', bytes: 'SEND\na:\n\n\0', is: [send({ a: '' })] },
  { title: 'escapes of 1.2', version: '1.2', bytes: 'SEND\na\\cb:\\\\\\n\\c\\r\n\n\0', is: [send({ 'a:b': '\\\n:\r' })] },
  { title: 'escapes of 1.1', version: '1.1', bytes: 'SEND\na:\\\\\\n\\c\n\n\0', is: [send({ a: '\\\n:' })] },
  { title: 'a backslash that is one, in 1.0', version: '1.0', bytes: 'SEND\na:\\n\\t\n\n\0', is: [send({ a: '\\n\\t' })] },
  {
    title: 'no escapes in CONNECT',
    bytes: 'CONNECT\npasscode:a\\nb:c\n\n\0',
    is: [{ command: 'CONNECT', headers: { passcode: 'a\\nb:c' }, body: '' }],
  },
  { title: 'an escaped backslash before an n', version: '1.2', bytes: 'SEND\na:\\\\n\n\n\0', is: [send({ a: '\\n' })] },
  {
    title: 'line ends between frames, told once a run',
    bytes: '\n\r\n\nDISCONNECT\n\n\0\n\n',
    is: ['heart-beat', { command: 'DISCONNECT', headers: {}, body: '' }, 'heart-beat'],
  },
  { title: 'several frames at once', bytes: 'SEND\n\na\0SEND\n\nb\0', is: [send({}, 'a'), send({}, 'b')] },
  { title: 'headers in UTF-8', version: '1.2', bytes: 'SEND\n이름:값\n\n\0', is: [send({ 이름: '값' })] },
  { title: 'a body that is no UTF-8', bytes: Buffer.from('SEND\n\n\xff\xfe\0', 'latin1'), is: [send({}, '\xff\xfe')] },
  {
    title: 'as many headers and bytes as may be',
    bytes: `SEND\n${'a:b\n'.repeat(8)}\n${'x'.repeat(64)}\0`,
    is: [send({ a: 'b' }, 'x'.repeat(64))],
  },
];

interface Bad {
  readonly title: string;
  readonly bytes: string | Uint8Array;
  readonly version?: StompVersion;
  readonly code: string;
}

const BAD: readonly Bad[] = [
  { title: 'a command that is none', bytes: 'HELLO\n', code: 'UNKNOWN_FRAME' },
  { title: 'a command in lower case', bytes: 'send\n', code: 'UNKNOWN_FRAME' },
  { title: 'a command of a server', bytes: 'MESSAGE\n', code: 'UNKNOWN_FRAME' },
  { title: 'a byte order mark', bytes: '\ufeffSEND\n', code: 'UNKNOWN_FRAME' },
  { title: 'a command without an end', bytes: 'S'.repeat(17), code: 'UNKNOWN_FRAME' },
  { title: 'HTTP', bytes: 'GET / HTTP/1.1\r\n', code: 'UNKNOWN_FRAME' },
  { title: 'CRLF before 1.2', version: '1.1', bytes: 'SEND\r\n', code: 'UNKNOWN_FRAME' },
  { title: 'a header without a colon', bytes: 'SEND\nabc\n', code: 'INVALID_INPUT' },
  { title: 'a header without a name', bytes: 'SEND\n:abc\n', code: 'INVALID_INPUT' },
  { title: 'an escape that is none', version: '1.2', bytes: 'SEND\na:\\t\n', code: 'INVALID_INPUT' },
  { title: 'an escape of 1.2 in 1.1', version: '1.1', bytes: 'SEND\na:\\r\n', code: 'INVALID_INPUT' },
  { title: 'a backslash at the end', version: '1.2', bytes: 'SEND\na:b\\\n', code: 'INVALID_INPUT' },
  { title: 'a carriage return within a line of 1.2', version: '1.2', bytes: 'SEND\na:b\rc\n', code: 'INVALID_INPUT' },
  { title: 'a NUL in a header', bytes: 'SEND\na:b\0c\n', code: 'INVALID_INPUT' },
  { title: 'a header that is no UTF-8', bytes: Buffer.from('SEND\na:\xff\n', 'latin1'), code: 'INVALID_INPUT' },
  { title: 'an overlong form of UTF-8', bytes: Buffer.from('SEND\na:\xc0\xaf\n', 'latin1'), code: 'INVALID_INPUT' },
  { title: 'a carriage return alone between frames', bytes: '\rSEND', code: 'INVALID_INPUT' },
  { title: 'a length that is no number', bytes: 'SEND\ncontent-length:abc\n\n', code: 'INVALID_INPUT' },
  { title: 'a length below zero', bytes: 'SEND\ncontent-length:-1\n\n', code: 'INVALID_INPUT' },
  { title: 'a length in hexadecimal', bytes: 'SEND\ncontent-length:0x10\n\n', code: 'INVALID_INPUT' },
  { title: 'a body longer than its length', bytes: 'SEND\ncontent-length:1\n\nab\0', code: 'INVALID_INPUT' },
  { title: 'a body where none may be', bytes: 'SUBSCRIBE\nid:1\n\nx\0', code: 'INVALID_INPUT' },
  { title: 'a length beyond the limit, before the body comes', bytes: 'SEND\ncontent-length:65\n\n', code: 'TOO_LARGE' },
  { title: 'a length beyond all numbers', bytes: `SEND\ncontent-length:${'9'.repeat(12)}\n\n`, code: 'TOO_LARGE' },
  { title: 'a body beyond the limit', bytes: `SEND\n\n${'x'.repeat(65)}`, code: 'TOO_LARGE' },
  { title: 'headers beyond the limit, before they end', bytes: `SEND\na:${'x'.repeat(256)}`, code: 'TOO_LARGE' },
  { title: 'many small headers beyond the limit', bytes: `SEND\n${'a:b\n'.repeat(9)}`, code: 'TOO_LARGE' },
];

describe('the STOMP parser', () => {
  for (const { title, bytes, version, is } of GOOD)
    it(`takes ${title}, however it is cut`, () => {
      for (const chunks of cuts(Buffer.from(bytes))) {
        const items = parseAll(chunks, { version });
        expect(mergeBeats(items)).to.deep.equal(is);
      }
    });

  for (const { title, bytes, version, code } of BAD)
    it(`refuses ${title}, however it is cut`, () => {
      for (const chunks of cuts(Buffer.from(bytes))) expect(codeOf(() => parseAll(chunks, { version }))).to.equal(code);
    });

  it('gives out each frame before it looks at the next: a version that is agreed on in between counts', () => {
    const parser = new StompParser(SMALL_LIMITS);
    const commands: string[] = [];
    const read = (): void => {
      for (const item of parser.read(Buffer.from('CONNECT\na:\\r\n\n\0SEND\na:\\r\n\n\0'))) {
        if (item !== 'heart-beat') commands.push(item.command);
        parser.version = '1.1';
      }
    };
    expect(codeOf(read)).to.equal('INVALID_INPUT');
    expect(commands).to.deep.equal(['CONNECT']);
  });

  it('takes a body that comes byte by byte in a time that does not grow with its square', () => {
    const parser = new StompParser({ ...SMALL_LIMITS, bodyBytes: 1_048_576 });
    const byte = Buffer.from('x');
    for (const _ of parser.read(Buffer.from('SEND\ncontent-length:1000000\n\n'))) expect.fail('too early');
    for (let i = 0; i < 1_000_000; i++) parser.read(byte).next();
    const { value } = parser.read(Buffer.from('\0')).next();
    expect(value).to.have.property('body').of.length(1_000_000);
  });
});

function codeOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    return (error as ChatError).code;
  }
  return 'taken';
}

/** Cut in between, one run of line ends is told as two. */
function mergeBeats(items: readonly (PlainFrame | 'heart-beat')[]): (PlainFrame | 'heart-beat')[] {
  return items.filter((item, i) => item !== 'heart-beat' || items[i - 1] !== 'heart-beat');
}
