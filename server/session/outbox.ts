import type { Connection } from '../transport/connection.js';
import type { Flushable, TurnFlusher } from './turn-flusher.js';

/** While this much waits in the socket, frames gather here instead: fewer, larger writes for a slow reader. */
const SOCKET_BYTES = 128 * 1024;

export interface OutboxOptions {
  readonly connection: Connection;
  readonly flusher: TurnFlusher;
  readonly maxBytes: number;
}

/**
 * Frames on their way to one connection, bounded in bytes. `push` answers whether there was room: when there was not,
 * the session is to be closed as a slow consumer, and the device resumes from its cursor.
 */
export class Outbox implements Flushable {
  readonly #connection: Connection;
  readonly #flusher: TurnFlusher;
  readonly #maxBytes: number;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #marked = false;

  constructor(options: OutboxOptions) {
    this.#connection = options.connection;
    this.#flusher = options.flusher;
    this.#maxBytes = options.maxBytes;
  }

  push(frame: Uint8Array): boolean {
    if (this.#frames.length > 0 && this.#bytes + this.#connection.bufferedBytes + frame.length > this.#maxBytes) return false;
    this.#frames.push(frame);
    this.#bytes += frame.length + 1;
    this.#mark();
    return true;
  }

  /** Sends what has gathered, unless the socket is still full of earlier frames. */
  flush(): void {
    this.#marked = false;
    if (this.#frames.length === 0 || this.#connection.bufferedBytes > SOCKET_BYTES) return;
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    this.#connection.send(frames);
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  #mark(): void {
    if (this.#marked) return;
    this.#marked = true;
    this.#flusher.mark(this);
  }
}
