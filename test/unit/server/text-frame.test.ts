import { Duplex } from 'node:stream';
import { expect } from 'chai';
import { writeTextFrame } from '../../../server/transport/websocket/text-frame.js';

/** A socket: what the network takes at once is gone, what it does not is kept as it was given, not copied. */
class FakeSocket extends Duplex {
  readonly taken: Buffer[] = [];
  slow = false;
  #later: (() => void)[] = [];

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const take = (): void => {
      this.taken.push(Buffer.from(bytes));
      done();
    };
    if (this.slow) this.#later.push(take);
    else take();
  }

  /** The network takes what waits. */
  async recover(): Promise<void> {
    this.slow = false;
    while (this.#later.length > 0 || this.writableLength > 0) {
      for (const take of this.#later.splice(0)) take();
      await new Promise(setImmediate);
    }
  }
}

const text = (n: number, length: number): Buffer => Buffer.alloc(length, String(n));

describe('a text frame', () => {
  let socket: FakeSocket;
  beforeEach(() => (socket = new FakeSocket()));

  for (const [length, head] of [
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 255, 255]],
  ] as const) {
    it(`of ${length} bytes has the header of RFC 6455 section 5.2`, () => {
      writeTextFrame(socket, [text(7, length)]);
      expect(socket.taken).to.deep.equal([Buffer.concat([Buffer.from(head), text(7, length)])]);
    });
  }

  it('holds several frames of ours, a line feed between each two', () => {
    writeTextFrame(socket, [text(1, 3), text(2, 0), text(3, 2)]);
    expect(socket.taken[0]?.subarray(2).toString()).to.equal('111\n\n33');
  });

  it('stays what it is while a socket does not take it, whatever goes to others meanwhile', async () => {
    const other = new FakeSocket();
    const lengths = [10, 40_000, 1, 65_535, 300, 65_000, 65_535, 7];
    socket.slow = true;
    lengths.forEach((length, n) => {
      writeTextFrame(socket, [text(n, length)]);
      writeTextFrame(other, [text(9, length)]);
    });
    await socket.recover();
    const heads = lengths.map((length) => (length < 126 ? 2 : 4));
    expect(socket.taken.map((frame, n) => frame.subarray(heads[n]))).to.deep.equal(lengths.map((length, n) => text(n, length)));
    expect(other.taken.map((frame, n) => frame.subarray(heads[n]))).to.deep.equal(lengths.map((length) => text(9, length)));
  });
});
