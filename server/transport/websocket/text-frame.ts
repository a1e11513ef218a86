import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { copyLines } from '../../../shared/protocol/lines.js';

/** Up to here a message is copied behind its header; larger ones are written apart from it, or go through ws, which does so. */
export const WHOLE_FRAME_BYTES = 65_535;

const FINAL_TEXT = 0x81;
const LENGTH_IN_TWO_BYTES = 126;

/**
 * Where frames are put together, each in the place of the one before: V8 collects its young objects once there are 32 MB of new memory outside of
 * its heap, and what sockets are given was a fifth of it (docs/adr/0015-bytes-used-again.md). Most writes end within the kernel at once; where one does not, the place is the socket's.
 */
const SPACE_BYTES = 16 * 1024;
let space = Buffer.allocUnsafeSlow(SPACE_BYTES);

/**
 * Writes a whole, unmasked text frame (RFC 6455 section 5.2) to the socket below ws, or below no library: the message of these frames, which
 * has `length` bytes, at most WHOLE_FRAME_BYTES. Safe beside ws, which writes its own frames (close, pong) whole and at once, because nothing is compressed here.
 * One write saves a vectored one and ws's bookkeeping for every message: about a tenth of a server's CPU at 20,000 messages/s.
 * `before`, Latin-1, comes first in the same bytes.
 */
export function writeTextFrame(socket: Duplex, frames: readonly Uint8Array[], length: number, before = ''): void {
  const start = before.length;
  const head = length < LENGTH_IN_TWO_BYTES ? 2 : 4;
  const size = start + head + length;
  const reuses = size <= SPACE_BYTES && socket instanceof Socket && hasWrittenAll(socket);
  const bytes = reuses ? space.subarray(0, size) : Buffer.allocUnsafe(size);
  if (start > 0) bytes.write(before, 'latin1');
  bytes[start] = FINAL_TEXT;
  if (head === 2) bytes[start + 1] = length;
  else {
    bytes[start + 1] = LENGTH_IN_TWO_BYTES;
    bytes.writeUInt16BE(length, start + 2);
  }
  copyLines(frames, bytes, start + head);
  socket.write(bytes);
  if (reuses && !hasWrittenAll(socket)) space = Buffer.allocUnsafeSlow(SPACE_BYTES);
}

/** The kernel has all of what was written: none of its bytes is looked at any more. */
function hasWrittenAll(socket: Duplex): boolean {
  return socket.writableLength === 0;
}
