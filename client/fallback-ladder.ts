import { scheduleClimb, type TransportChoice, type TransportName } from './fallback-choice.js';
import { FallbackSocket } from './fallback-socket.js';
import type { Fetch } from './http.js';
import type { Schedule } from './schedule.js';
import { SocketEvents } from './socket-events.js';
import type { SocketConstructor, SocketLike } from './socket.js';

export interface LadderOptions {
  readonly choice: TransportChoice;
  readonly WebSocket: SocketConstructor;
  readonly fetch: Fetch;
  readonly schedule: Schedule;
}

/** A transport that has not opened by then is taken for stuck, where there is another one to try; ms. */
const OPEN_MS = 5_000;
const PROBE_MS = 10_000;
/** The close code that a move to a better transport looks like: reconnect at once. */
const MOVED = 1012;
/** What the server says to somebody who speaks before the connect frame: so the bytes went both ways. */
const UNAUTHENTICATED = 4500;

/** A class like WebSocket whose sockets use the transport that gets through. */
export function createLadder(options: LadderOptions): SocketConstructor {
  return class extends LadderSocket {
    constructor(url: string, protocols?: string[]) {
      super({ url, protocols }, options);
    }
  };
}

class LadderSocket extends SocketEvents {
  readonly #options: LadderOptions;
  readonly #name: TransportName;
  readonly #url: string;
  readonly #protocols: string[] | undefined;
  readonly #inner: SocketLike;
  #proven = false;
  #ended = false;
  #cancelTimer: () => void = () => undefined;

  constructor(address: { readonly url: string; readonly protocols: string[] | undefined }, options: LadderOptions) {
    super();
    this.#options = options;
    this.#url = address.url;
    this.#protocols = address.protocols;
    this.#name = options.choice.current;
    this.#inner = this.#open();
    if (!options.choice.isLast) this.#cancelTimer = options.schedule.after(OPEN_MS, () => this.#giveUp());
    this.#inner.addEventListener('open', () => {
      this.#cancelTimer();
      this.emit('open', undefined);
    });
    this.#inner.addEventListener('message', (event) => this.#pass(event));
    this.#inner.addEventListener('close', (event) => this.#end(event));
    this.#inner.addEventListener('error', () => this.emit('error', undefined));
  }

  get protocol(): string {
    return this.#inner.protocol ?? '';
  }

  send(data: string): void {
    this.#inner.send(data);
  }

  /** A caller that closes what has never brought anything has waited in vain. */
  close(code?: number, reason?: string): void {
    this.#cancelTimer();
    if (!this.#ended && !this.#proven && code === undefined) this.#options.choice.failed(this.#name);
    this.#ended = true;
    this.#inner.close(code, reason);
  }

  #open(): SocketLike {
    const { WebSocket, fetch, choice } = this.#options;
    if (this.#name !== 'websocket') return new FallbackSocket(this.#url, { receive: this.#name, fetch });
    try {
      return new WebSocket(this.#url, this.#protocols);
    } catch (error) {
      choice.failed(this.#name);
      throw error;
    }
  }

  #pass(event: { readonly data: unknown }): void {
    if (!this.#proven) {
      this.#proven = true;
      this.#options.choice.worked(this.#name);
      this.#planClimb();
    }
    this.emit('message', event);
  }

  #giveUp(): void {
    this.#end({ code: 1006, reason: 'did not open' });
    this.#inner.close();
  }

  /** A close that the server chose came through, too. */
  #end(event: { readonly code: number; readonly reason: string }): void {
    this.#cancelTimer();
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#proven && event.code < 4_000) this.#options.choice.failed(this.#name);
    this.emit('close', event);
  }

  #planClimb(): void {
    const { choice, schedule } = this.#options;
    this.#cancelTimer = scheduleClimb(choice, schedule, () => this.#climb());
  }

  /** Tries a WebSocket beside this one, without using it: when bytes get through both ways, the next connection is one. */
  #climb(): void {
    const { choice, WebSocket, schedule } = this.#options;
    probeWebSocket(() => new WebSocket(this.#url), schedule).then(
      (through) => {
        if (this.#ended) return;
        choice.climbed(through ? 'through' : 'stuck');
        if (!through) this.#planClimb();
        else {
          this.#end({ code: MOVED, reason: 'a better transport is there' });
          this.#inner.close(1_000);
        }
      },
      () => undefined,
    );
  }
}

/** Whether the server can be heard over it. */
function probeWebSocket(open: () => SocketLike, schedule: Schedule): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const socket = open();
      const settle = (through: boolean): void => {
        cancel();
        resolve(through);
      };
      const cancel = schedule.after(PROBE_MS, () => {
        settle(false);
        socket.close();
      });
      socket.addEventListener('open', () => socket.send('{"type":"ping"}'));
      socket.addEventListener('close', ({ code }) => settle(code === UNAUTHENTICATED));
      socket.addEventListener('error', () => undefined);
    } catch {
      resolve(false);
    }
  });
}
