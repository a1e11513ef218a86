import type { ServerFrame } from '../../../shared/protocol/frames.js';

const LINE_FEED = 0x0a;

/**
 * What a session sends, read back. The same bytes go to many sessions one after the other: they are parsed once, and all
 * get the same objects.
 */
export class DecodedFrames {
  #bytes: Uint8Array | undefined;
  #frames: readonly ServerFrame[] = [];

  of(message: Uint8Array): readonly ServerFrame[] {
    if (message === this.#bytes) return this.#frames;
    const frames = parse(message);
    if (!message.includes(LINE_FEED)) {
      this.#bytes = message;
      this.#frames = frames;
    }
    return frames;
  }
}

function parse(message: Uint8Array): ServerFrame[] {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('utf8');
  return text.split('\n').map((line) => JSON.parse(line) as ServerFrame);
}
