import { joinLines } from '../../../shared/protocol/lines.js';
import type { ClosingWord, Connection, ConnectionHandler } from '../connection.js';
import { closeFrame, HEARTBEAT_FRAME, messagesFrame, OPEN_FRAME, SOCKJS_CLOSES } from './framing.js';
import type { Receiver } from './receiver.js';

export interface SessionTimes {
  /** An idle receiver gets a heartbeat after this long; ms. */
  readonly heartbeatMs: number;
  /** Without a receiver for this long, a session is over; ms. */
  readonly expiryMs: number;
}

export interface HttpSessionOptions {
  readonly remoteAddress: string;
  readonly times: SessionTimes;
  /** Each time a heartbeat is due, or would be. */
  readonly onHeartbeat: () => void;
  /** It can be forgotten: nobody gets anything out of it any more. */
  readonly onGone: () => void;
}

/** The code that the session above gets for a client that did not come back. */
const ABNORMAL = 1006;

/**
 * A connection made of HTTP requests: one receiver at a time takes frames, and what comes meanwhile waits here, counted
 * in `bufferedBytes`. Once closed it tells every further receiver why, until its time is over.
 */
export class SockJsHttpSession implements Connection {
  readonly transport = 'sockjs-http';
  readonly remoteAddress: string;
  handler: ConnectionHandler | undefined;
  readonly #options: HttpSessionOptions;
  #receiver: Receiver | undefined;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #greeted = false;
  #closing: ClosingWord | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HttpSessionOptions) {
    this.#options = options;
    this.remoteAddress = options.remoteAddress;
  }

  get bufferedBytes(): number {
    return this.#queuedBytes + (this.#receiver?.pendingBytes ?? 0);
  }

  get open(): boolean {
    return this.#closing === undefined;
  }

  send(frames: readonly Uint8Array[]): void {
    if (this.#closing !== undefined) return;
    const message = joinLines(frames);
    this.#queue.push(message);
    this.#queuedBytes += message.length;
    this.#flush();
  }

  close(reason: ClosingWord): void {
    this.#end(reason);
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) if (this.#closing === undefined) this.handler?.received(message);
  }

  /** A request that waits for frames; refused while another one still waits. */
  attach(receiver: Receiver): void {
    if (this.#receiver !== undefined) {
      receiver.finish(closeFrame(SOCKJS_CLOSES.ANOTHER_CONNECTION));
      return;
    }
    if (this.#closing !== undefined) {
      this.#sayGoodbye(receiver, this.#closing);
      return;
    }
    this.#receiver = receiver;
    receiver.listen({ onDrain: () => this.#drained(), onGone: (how) => this.#detach(receiver, how) });
    this.#schedule(this.#options.times.heartbeatMs, () => this.#beat());
    if (!this.#greeted) receiver.write(OPEN_FRAME);
    this.#greeted = true;
    this.#drained();
  }

  /** Ends it without a word: the process stops. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#closing ??= SOCKJS_CLOSES.INTERRUPTED;
  }

  #flush(): void {
    const receiver = this.#receiver;
    if (this.#queue.length === 0 || receiver === undefined || !receiver.canWrite) return;
    receiver.write(this.#takeQueue());
    this.#timer?.refresh();
  }

  #drained(): void {
    this.#flush();
    this.handler?.drained();
  }

  #takeQueue(): string {
    const frame = messagesFrame(this.#queue);
    this.#queue = [];
    this.#queuedBytes = 0;
    return frame;
  }

  #beat(): void {
    this.#options.onHeartbeat();
    if (this.#receiver?.canWrite === true) this.#receiver.write(HEARTBEAT_FRAME);
    this.#schedule(this.#options.times.heartbeatMs, () => this.#beat());
  }

  /** An answer that was cut off may have lost frames: the client has to begin a new session and sync. */
  #detach(receiver: Receiver, how: { readonly complete: boolean }): void {
    if (receiver !== this.#receiver) return;
    this.#receiver = undefined;
    if (this.#closing !== undefined) return;
    if (!how.complete) this.#interrupt();
    else this.#schedule(this.#options.times.expiryMs, () => this.#expire());
  }

  #interrupt(): void {
    this.#end(SOCKJS_CLOSES.INTERRUPTED);
    this.handler?.closed(SOCKJS_CLOSES.INTERRUPTED.code);
  }

  #expire(): void {
    this.#closing = SOCKJS_CLOSES.INTERRUPTED;
    this.#takeQueue();
    this.#options.onGone();
    this.handler?.closed(ABNORMAL);
  }

  #end(reason: ClosingWord): void {
    if (this.#closing !== undefined) return;
    this.#closing = reason;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver !== undefined && !receiver.ended) this.#sayGoodbye(receiver, reason);
    this.#schedule(this.#options.times.expiryMs, () => this.#options.onGone());
  }

  /** What was still waiting, then the reason: in one answer where it streams, else in two. */
  #sayGoodbye(receiver: Receiver, reason: ClosingWord): void {
    if (this.#queue.length > 0) receiver.write(this.#takeQueue());
    receiver.finish(closeFrame(reason));
  }

  #schedule(ms: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, ms).unref();
  }
}
