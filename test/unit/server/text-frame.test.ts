import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { writeTextFrame } from '../../../server/transport/websocket/text-frame.js';
import { linesLength } from '../../../shared/protocol/lines.js';

function written(frames: readonly Uint8Array[]): Buffer {
  const socket = new PassThrough();
  writeTextFrame(socket, frames, linesLength(frames));
  return socket.read() as Buffer;
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
});
