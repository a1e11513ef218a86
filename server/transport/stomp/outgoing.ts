import type { Connection } from '../connection.js';
import { encodeFrame, type ServerStompFrame } from './encode.js';
import type { StompVersion } from './frame.js';

/** Frames of one turn share a message up to this size: many clients take no larger ones than 64 KiB. */
const MESSAGE_BYTES = 60 * 1024;
const HEART_BEAT = Buffer.from('\n');

/** Frames on their way to the client, gathered until `flush`. */
export class Outgoing {
  version: StompVersion | undefined;
  readonly #inner: Connection;
  #frames: Buffer[] = [];
  #bytes = 0;

  constructor(inner: Connection) {
    this.#inner = inner;
  }

  write(frame: ServerStompFrame): void {
    const bytes = encodeFrame(frame, this.version);
    if (this.#bytes + bytes.length > MESSAGE_BYTES) this.flush();
    this.#frames.push(bytes);
    this.#bytes += bytes.length;
  }

  beat(): void {
    this.#inner.send([HEART_BEAT]);
  }

  /** Whether there was anything to send. */
  flush(): boolean {
    if (this.#frames.length === 0) return false;
    this.#inner.send([this.#frames.length === 1 ? (this.#frames[0] as Buffer) : Buffer.concat(this.#frames, this.#bytes)]);
    this.#frames = [];
    this.#bytes = 0;
    return true;
  }
}
