import type { ServerFrame } from '../../../shared/protocol/frames.js';

/**
 * What a session sends, read back. The same bytes go to many sessions one after the other: they are parsed once, and all
 * get the same object.
 */
export class DecodedFrames {
  #bytes: Uint8Array | undefined;
  #frame: ServerFrame | undefined;

  of(bytes: Uint8Array): ServerFrame {
    if (bytes === this.#bytes && this.#frame !== undefined) return this.#frame;
    this.#frame = parse(bytes);
    this.#bytes = bytes;
    return this.#frame;
  }
}

function parse(bytes: Uint8Array): ServerFrame {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as ServerFrame;
}
