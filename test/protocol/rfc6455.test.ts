import { expect } from 'chai';
import { encodeFrame, OPCODES, RawWebSocket, type RawFrameOptions } from '../support/raw-websocket.js';
import { describeWebSocket, PING } from '../support/sockjs-service.js';

const { continuation, text, binary, close, ping, pong } = OPCODES;
const PONG_MESSAGE = '{"type":"pong"}';
const hex = (bytes: string): Buffer => Buffer.from(bytes.replaceAll(' ', ''), 'hex');
/** A frame of ours of any length: JSON may begin with spaces. */
const padded = (length: number): string => PING.padStart(length);

describeWebSocket('RFC 6455 on /ws', (service) => {
  let client: RawWebSocket;
  beforeEach(async () => {
    client = await RawWebSocket.open(service().ws);
    client.send({ opcode: text, payload: await service().connectFrame() });
    expect((await client.next())?.payload.toString()).to.match(/"hello"/);
  });
  afterEach(() => client.destroy());

  /** The connection still works: a message of ours is answered by one whole text frame. */
  async function expectAlive(): Promise<void> {
    client.send({ opcode: text, payload: PING });
    await expectPong();
  }

  async function expectPong(): Promise<void> {
    const frame = await client.next();
    expect(frame).to.include({ fin: true, opcode: text });
    expect(frame?.payload.toString()).to.equal(PONG_MESSAGE);
  }

  async function expectFailure(code: number): Promise<void> {
    expect(await client.closed).to.equal(code);
  }

  describe('1 framing', () => {
    for (const length of [15, 125, 126, 127, 128, 65_535, 65_536, 1_000_000])
      for (const [name, opcode] of [
        ['text', text],
        ['binary', binary],
      ] as const)
        it(`a ${name} message of ${length} bytes`, async () => {
          client.send({ opcode, payload: padded(length) });
          await expectPong();
        });

    it('an empty message is answered, and the connection goes on', async () => {
      client.send({ opcode: text });
      expect((await client.next())?.payload.toString()).to.include('BAD_JSON');
      await expectAlive();
    });

    it('a frame that comes byte by byte', async () => {
      for (const byte of encodeFrame({ opcode: text, payload: PING })) client.write(Buffer.from([byte]));
      await expectPong();
    });

    it('several frames in one packet are answered in order', async () => {
      client.send({ opcode: ping, payload: 'a' }, { opcode: text, payload: PING }, { opcode: ping, payload: 'b' });
      const answers = [await client.next(), await client.next(), await client.next()].map((frame) => frame?.payload.toString());
      expect(answers.filter((answer) => answer !== PONG_MESSAGE)).to.deep.equal(['a', 'b']);
    });

    it('a frame that is not masked', async () => {
      client.send({ opcode: text, payload: PING, masked: false });
      await expectFailure(1002);
    });

    for (const [claim, length] of [
      ['more than the limit', 2_000_000n],
      ['4 GiB', 4_294_967_296n],
      ['more than anybody can hold', 0x7fff_ffff_ffff_ffffn],
      ['a negative length', 0xffff_ffff_ffff_ffffn],
    ] as const)
      it(`a header that claims ${claim} ends it before the bytes come`, async () => {
        client.send({ opcode: text, claimedLength: length, lengthBytes: 8 });
        expect(await client.closed).to.be.oneOf([1009, 4504]);
      });
  });

  describe('2 pings and pongs', () => {
    for (const [name, payload] of [
      ['an empty', ''],
      ['a', 'Hello, world!'],
      ['a binary', hex('00 ff fe fd fc fb 00 ff')],
      ['a 125 byte', Buffer.alloc(125, 0xfe)],
    ] as const)
      it(`${name} ping comes back`, async () => {
        client.send({ opcode: ping, payload });
        const frame = await client.next();
        expect(frame).to.include({ fin: true, opcode: pong });
        expect(frame?.payload.equals(Buffer.from(payload))).to.equal(true);
      });

    it('a ping of 126 bytes', async () => {
      client.send({ opcode: ping, payload: Buffer.alloc(126) });
      await expectFailure(1002);
    });

    it('pongs that nobody asked for are passed over', async () => {
      client.send({ opcode: pong }, { opcode: pong, payload: 'unsolicited' });
      await expectAlive();
    });

    it('ten pings are answered in order', async () => {
      client.send(...Array.from({ length: 10 }, (_, i) => ({ opcode: ping, payload: `payload-${i}` })));
      for (let i = 0; i < 10; i++) expect((await client.next())?.payload.toString()).to.equal(`payload-${i}`);
    });

    it('a ping that comes byte by byte', async () => {
      for (const byte of encodeFrame({ opcode: ping, payload: Buffer.alloc(125, 1) })) client.write(Buffer.from([byte]));
      expect((await client.next())?.opcode).to.equal(pong);
    });
  });

  describe('3 reserved bits', () => {
    for (const opcode of [text, binary, ping, close])
      for (const reserved of [1, 2, 3, 4, 5, 6, 7])
        it(`bits ${reserved} on opcode ${opcode}`, async () => {
          client.send({ opcode, reserved, payload: opcode === close ? hex('03e8') : PING });
          await expectFailure(1002);
        });
  });

  describe('4 opcodes', () => {
    for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
      it(`reserved opcode ${opcode}`, async () => {
        client.send({ opcode, payload: opcode % 2 === 0 ? 'reserved' : '' });
        await expectFailure(1002);
      });
  });

  describe('5 fragments', () => {
    const parts = (count: number): RawFrameOptions[] => {
      const size = Math.ceil(PING.length / count);
      return Array.from({ length: count }, (_, i) => ({
        opcode: i === 0 ? text : continuation,
        payload: PING.slice(i * size, (i + 1) * size),
        fin: i === count - 1,
      }));
    };

    for (const count of [2, 5, 15])
      it(`a message in ${count} parts`, async () => {
        client.send(...parts(count));
        await expectPong();
      });

    it('empty parts', async () => {
      client.send({ opcode: text, fin: false }, { opcode: continuation, fin: false, payload: PING }, { opcode: continuation });
      await expectPong();
    });

    it('a ping between the parts comes back before the message', async () => {
      const [first, second] = parts(2) as [RawFrameOptions, RawFrameOptions];
      client.send(first, { opcode: ping, payload: 'between' }, second);
      expect((await client.next())?.payload.toString()).to.equal('between');
      await expectPong();
    });

    const broken: readonly (readonly [title: string, frames: readonly RawFrameOptions[]])[] = [
      ['a ping in parts', [{ opcode: ping, fin: false, payload: 'a' }]],
      ['a pong in parts', [{ opcode: pong, fin: false, payload: 'a' }]],
      ['a close in parts', [{ opcode: close, fin: false, payload: hex('03e8') }]],
      ['a last part without a first', [{ opcode: continuation, payload: 'x' }]],
      ['a middle part without a first', [{ opcode: continuation, fin: false, payload: 'x' }]],
      ['a part after the last', [...parts(2), { opcode: continuation, payload: 'x' }]],
      [
        'a new text before the last part',
        [
          { opcode: text, fin: false, payload: 'x' },
          { opcode: text, payload: PING },
        ],
      ],
      [
        'a new binary before the last part',
        [
          { opcode: text, fin: false, payload: 'x' },
          { opcode: binary, payload: PING },
        ],
      ],
    ];
    for (const [title, frames] of broken)
      it(title, async () => {
        client.send(...frames);
        await expectFailure(1002);
      });
  });

  describe('6 UTF-8', () => {
    const message = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from('{"type":"dance","clientId":"'), bytes, Buffer.from('"}')]);

    const valid = [
      '',
      'Hello-µ@ßöäüàá-UTF-8!!',
      'κόσμε',
      '안녕하세요',
      '\u0080',
      '\u07ff',
      '\u0800',
      '\uffff',
      '\u{10000}',
      '\u{10ffff}',
      '\ufffd',
      '\ud7ff',
      '\ue000',
      '\ufffe',
    ];
    for (const content of valid)
      it(`valid: ${escape(content)}`, async () => {
        client.send({ opcode: text, payload: message(Buffer.from(content)) });
        const answer = JSON.parse((await client.next())?.payload.toString() ?? '') as { readonly clientId?: string };
        expect(answer.clientId ?? '').to.equal(content);
      });

    it('a character in two parts', async () => {
      const bytes = message(Buffer.from('κόσμε'));
      for (let at = 29; at < 36; at++) {
        client.send({ opcode: text, fin: false, payload: bytes.subarray(0, at) }, { opcode: continuation, payload: bytes.subarray(at) });
        expect((await client.next())?.payload.toString()).to.include('κόσμε');
      }
    });

    const invalid = [
      'ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64 69 74 65 64',
      ...['80', 'bf', '80 bf', 'c2', 'e1 80', 'f0 90 80', 'f8 88 80 80 80', 'fc 84 80 80 80 80', 'fe', 'ff', 'fe fe ff ff'],
      ...['c0 af', 'e0 80 af', 'f0 80 80 af', 'c1 bf', 'e0 9f bf', 'f0 8f bf bf', 'c0 80', 'e0 80 80', 'f0 80 80 80'],
      ...['f4 90 80 80', 'f7 bf bf bf', 'ed a0 80', 'ed ad bf', 'ed ae 80', 'ed af bf', 'ed b0 80', 'ed bf bf', 'ed a0 80 ed b0 80'],
    ];
    for (const bytes of invalid) {
      it(`invalid: ${bytes}`, async () => {
        client.send({ opcode: text, payload: message(hex(bytes)) });
        await expectFailure(1007);
      });
    }

    it('invalid in parts', async () => {
      client.send({ opcode: text, fin: false, payload: hex('ce ba') }, { opcode: continuation, payload: hex('ed a0') });
      await expectFailure(1007);
    });
  });
});

function escape(content: string): string {
  return content === '' ? 'nothing' : encodeURIComponent(content);
}
