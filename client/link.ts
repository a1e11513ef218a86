import type { ConnectFrame, HelloFrame, ServerFrame } from '../shared/protocol/frames.js';
import { EARLY_CONNECT_SUBPROTOCOL, offerConnect } from '../shared/protocol/early-connect.js';
import { LIMITS } from '../shared/protocol/limits.js';
import { joinFrames } from './frame-batch.js';
import type { Schedule } from './schedule.js';
import type { SocketConstructor, SocketLike } from './socket.js';

export interface LinkEvents {
  onHello(hello: HelloFrame): void;
  onFrame(frame: ServerFrame): void;
  /** Once, whoever ended it; not after `close()`. */
  onClose(code: number): void;
  /** Something that is not a frame came in; it was passed over. */
  onGarbage(error: unknown): void;
}

export interface LinkOptions {
  readonly url: string;
  readonly WebSocket: SocketConstructor;
  readonly schedule: Schedule;
  readonly connect: ConnectFrame;
  /** Offer the connect frame with the upgrade request, which saves a round trip where the server knows how. */
  readonly offersConnect: boolean;
  /** From the first byte to `hello`; ms. */
  readonly connectTimeoutMs: number;
  /** A ping must be answered (by any frame) within this time; ms. */
  readonly pongTimeoutMs: number;
  /** And within this time where there is reason to doubt that anybody is there; ms. */
  readonly probeTimeoutMs: number;
  readonly events: LinkEvents;
}

/** What this end reports as the close code when it gave up itself; never seen on the wire. */
export const LOCAL_CODES = { CONNECT_TIMEOUT: 3_001, NO_PONG: 3_002, REFUSED: 3_003, ACK_TIMEOUT: 3_004 } as const;

/** One WebSocket from its opening to its end: the connect frame, heartbeats, and frames joined per turn. */
export class Link {
  readonly #options: LinkOptions;
  readonly #socket: SocketLike | undefined;
  #hello: HelloFrame | undefined;
  #opened = false;
  #closed = false;
  #queued: string[] = [];
  #cancelConnect: () => void = noop;
  #cancelPing: () => void = noop;
  #cancelPong: () => void = noop;
  #probing = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#cancelConnect = options.schedule.after(options.connectTimeoutMs, () => this.fail(LOCAL_CODES.CONNECT_TIMEOUT));
    this.#socket = this.#open();
  }

  get hello(): HelloFrame | undefined {
    return this.#hello;
  }

  /** The other end spoke WebSocket. */
  get opened(): boolean {
    return this.#opened;
  }

  /** The connect frame went with the upgrade request. */
  get connectedEarly(): boolean {
    return this.#socket?.protocol === EARLY_CONNECT_SUBPROTOCOL;
  }

  /** Frames of one turn leave together. Anything written before `hello` or after the end is dropped: the callers ask again. */
  write(frame: object): void {
    if (this.#closed || this.#hello === undefined) return;
    this.#queued.push(JSON.stringify(frame));
    if (this.#queued.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Ends it without a word to `onClose`. */
  close(): void {
    if (!this.#end()) return;
    this.#socket?.close(1_000);
  }

  /** Ends it as a failure: `onClose` gets the code now, whatever the socket does. */
  fail(code: number): void {
    if (!this.#end()) return;
    this.#socket?.close();
    this.#options.events.onClose(code);
  }

  /** Asks the server for a sign of life now: after the device woke up, or when an answer is late. Once until something comes. */
  probe(): void {
    if (this.#hello === undefined || this.#closed || this.#probing) return;
    this.#probing = true;
    this.#cancelPing();
    this.#ping(this.#options.probeTimeoutMs);
  }

  #open(): SocketLike | undefined {
    const { WebSocket, url, connect, offersConnect } = this.#options;
    try {
      const socket = offersConnect ? new WebSocket(url, offerConnect(connect)) : new WebSocket(url);
      socket.addEventListener('open', () => {
        this.#opened = true;
        if (!this.#closed && !this.connectedEarly) socket.send(JSON.stringify(connect));
      });
      socket.addEventListener('message', (event) => this.#receive(event.data));
      socket.addEventListener('close', (event) => this.#onSocketClose(event.code));
      // Every error is followed by a close, which is what counts.
      socket.addEventListener('error', noop);
      return socket;
    } catch {
      // An address that the platform refuses.
      queueMicrotask(() => this.fail(LOCAL_CODES.REFUSED));
      return undefined;
    }
  }

  #onSocketClose(code: number): void {
    if (this.#end()) this.#options.events.onClose(code);
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    this.#cancelPong();
    this.#probing = false;
    for (const line of String(data).split('\n')) {
      if (line === '') continue;
      const frame = this.#parse(line);
      if (frame !== undefined) this.#take(frame);
    }
  }

  #parse(line: string): ServerFrame | undefined {
    try {
      const frame = JSON.parse(line) as ServerFrame | null;
      if (typeof frame?.type === 'string') return frame;
      throw new TypeError('a frame must be an object with a type');
    } catch (error) {
      this.#options.events.onGarbage(error);
      return undefined;
    }
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'hello') this.#greet(frame);
    else if (frame.type !== 'pong') this.#options.events.onFrame(frame);
  }

  #greet(hello: HelloFrame): void {
    this.#hello = hello;
    this.#cancelConnect();
    this.#schedulePing(hello.heartbeat.intervalMs);
    this.#options.events.onHello(hello);
  }

  #schedulePing(intervalMs: number): void {
    this.#cancelPing = this.#options.schedule.after(intervalMs, () => this.#ping(this.#options.pongTimeoutMs));
  }

  #ping(timeoutMs: number): void {
    this.write({ type: 'ping' });
    this.#cancelPong();
    this.#cancelPong = this.#options.schedule.after(timeoutMs, () => this.fail(LOCAL_CODES.NO_PONG));
    this.#schedulePing(this.#hello?.heartbeat.intervalMs ?? 30_000);
  }

  #flush(): void {
    const frames = this.#queued;
    this.#queued = [];
    if (this.#closed) return;
    const frameBytes = this.#hello?.limits.frameBytes ?? LIMITS.frameBytes;
    for (const message of joinFrames(frames, { frames: LIMITS.framesPerMessage, bytes: frameBytes })) this.#socket?.send(message);
  }

  #end(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#cancelConnect();
    this.#cancelPing();
    this.#cancelPong();
    return true;
  }
}

function noop(): void {
  // Nothing to cancel.
}
