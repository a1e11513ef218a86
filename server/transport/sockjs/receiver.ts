import type { ServerResponse } from 'node:http';
import type { Format } from './formats.js';

/** A peer that does not take the end of an answer is cut off after this long; sooner when its session is over. */
const END_WAIT_MS = 30_000;
const FINISH_WAIT_MS = 3_000;

export interface ReceiverEvents {
  /** The network took what had been written. */
  onDrain(): void;
  /** The answer is over: `complete` when the peer's network took all of it. */
  onGone(how: { readonly complete: boolean }): void;
}

/** One waiting request of a session: takes frames until it is full, then ends. */
export class Receiver {
  readonly #response: ServerResponse;
  readonly #format: Format;
  readonly #limitBytes: number;
  #bytes = 0;
  #ended = false;

  constructor(response: ServerResponse, format: Format, limitBytes: number) {
    this.#response = response;
    this.#format = format;
    this.#limitBytes = limitBytes;
    response.statusCode = 200;
    response.setHeader('content-type', format.contentType);
    if (format.prelude !== '') response.write(format.prelude);
  }

  listen(events: ReceiverEvents): void {
    this.#response.on('drain', () => events.onDrain());
    let complete = false;
    this.#response.once('finish', () => (complete = true));
    this.#response.once('close', () => events.onGone({ complete }));
  }

  /** It takes no more frames. */
  get ended(): boolean {
    return this.#ended;
  }

  get pendingBytes(): number {
    return this.#response.writableLength;
  }

  get canWrite(): boolean {
    return !this.#ended && !this.#response.writableNeedDrain;
  }

  /** Ends by itself after its first frame, or after the limit where it streams. */
  write(frame: string): void {
    const text = this.#format.wrap(frame);
    this.#bytes += text.length;
    if (this.#format.streaming && this.#bytes < this.#limitBytes) this.#response.write(text);
    else this.#end(text, END_WAIT_MS);
  }

  /** The last frame, whatever the limits say. */
  finish(frame: string): void {
    if (!this.#ended) this.#end(this.#format.wrap(frame), FINISH_WAIT_MS);
  }

  #end(text: string, waitMs: number): void {
    this.#ended = true;
    this.#response.end(text);
    const timer = setTimeout(() => this.#response.destroy(), waitMs).unref();
    this.#response.once('close', () => clearTimeout(timer));
  }
}
