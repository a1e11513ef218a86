import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { writeTextFrame } from '../../../server/transport/websocket/text-frame.js';
import { linesLength } from '../../../shared/protocol/lines.js';

function written(frames: readonly Uint8Array[]): Buffer {
  const socket = new PassThrough();
  writeTextFrame(socket, frames, linesLength(frames));
  return socket.read() as Buffer;
}

type Chunks = readonly { readonly chunk: Buffer }[];

/** Its kernel takes what is written at once, or when it is told to. */
class FakeSocket extends Socket {
  /** Without their headers of two bytes. */
  readonly taken: string[] = [];
  readonly #at: 'at once' | 'held back';
  #take: () => void = () => undefined;

  constructor(at: 'at once' | 'held back') {
    super();
    this.#at = at;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this._writev([{ chunk }], done);
  }

  override _writev(chunks: Chunks, done: () => void): void {
    this.#take = () => {
      for (const { chunk } of chunks) this.taken.push(chunk.toString('latin1', 2));
      done();
    };
    if (this.#at === 'at once') this.#take();
  }

  takeAll(): void {
    while (this.writableLength > 0) this.#take();
  }
}

function write(socket: Socket, text: string): void {
  const frames = [Buffer.from(text)];
  writeTextFrame(socket, frames, linesLength(frames));
}

describe('a text frame', () => {
  for (const [length, head] of [
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 255, 255]],
  ] as const) {
    it(`of ${length} bytes has the header of RFC 6455 section 5.2`, () => {
      const payload = Buffer.alloc(length, 'x');
      expect(written([payload])).to.deep.equal(Buffer.concat([Buffer.from(head), payload]));
    });
  }

  it('holds several frames of ours, a line feed between each two', () => {
    const frames = ['', 'one', '', 'three'].map((text) => Buffer.from(text));
    expect(written(frames).subarray(2).toString()).to.equal('\none\n\nthree');
  });

  it('that a socket has not written yet is not changed by those of others', () => {
    const [slow, quick] = [new FakeSocket('held back'), new FakeSocket('at once')];
    write(slow, 'first');
    write(quick, 'other');
    write(slow, 'second');
    write(quick, 'another');
    expect(quick.taken.map(String)).to.deep.equal(['other', 'another']);
    slow.takeAll();
    expect(slow.taken.map(String)).to.deep.equal(['first', 'second']);
  });
});
