import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../../../shared/protocol/limits.js';
import type { ChannelStore, Clock, DeviceCursors, Logger } from '../../../shared/ports/index.js';
import type { AcceptCarrier, AcceptConnection } from '../connection.js';
import type { Endpoint } from '../endpoint.js';
import { SockJsTransport, type SockJsOptions } from '../sockjs/sockjs-transport.js';
import { WebSocketTransport, type WebSocketEngineName } from '../websocket/websocket-transport.js';
import { DecodedFrames } from './decoded-frames.js';
import type { StompLimits } from './frame.js';
import type { HeartBeat } from './heart-beat.js';
import { StompConnection, type StompDeps } from './stomp-connection.js';
import { TimingWheel } from './timing-wheel.js';

export interface StompOptions extends Omit<SockJsOptions, 'raw' | 'maxMessageBytes' | 'accept'> {
  readonly accept: AcceptConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cursors: DeviceCursors;
  readonly channels: Pick<ChannelStore, 'listForUser'>;
  /** Of the sessions above; milliseconds. */
  readonly heartbeat: { readonly intervalMs: number; readonly timeoutMs: number };
  readonly graceMs?: number;
  readonly engine?: WebSocketEngineName | undefined;
}

/** Newest first: the server chooses. */
const SUBPROTOCOLS = ['v12.stomp', 'v11.stomp', 'v10.stomp'];
export const STOMP_LIMITS: StompLimits = { headers: 64, headBytes: 32 * 1024, bodyBytes: LIMITS.frameBytes };
/** No client is told more often that the server lives, and none has to say so more often than this. */
const SENDS_MS = 5_000;
const WANTS_MS = 10_000;
const GRACE_MS = 150;
const PINGS_PER_TIMEOUT = 3;

/**
 * STOMP 1.0 to 1.2 below one prefix: a WebSocket at the prefix itself and at `<prefix>/websocket`, and a SockJS service. Clients
 * choose by how they ask, as they do with Spring and with RabbitMQ.
 */
export class StompTransport implements Endpoint {
  readonly #prefix: string;
  readonly #websocket: WebSocketTransport;
  readonly #sockjs: SockJsTransport;
  readonly #wheel: TimingWheel;

  constructor(options: StompOptions) {
    const { prefix, door, engine, clock, heartbeat } = options;
    this.#prefix = prefix;
    this.#wheel = new TimingWheel({ now: () => clock.monotonic() });
    const deps: StompDeps = {
      ...options,
      wheel: this.#wheel,
      decoded: new DecodedFrames(),
      limits: STOMP_LIMITS,
      beats: beatsOf(heartbeat.intervalMs),
      pingMs: Math.floor(heartbeat.timeoutMs / PINGS_PER_TIMEOUT),
      graceMs: options.graceMs ?? GRACE_MS,
    };
    const accept = acceptStomp(options.accept, deps);
    const maxMessageBytes = STOMP_LIMITS.bodyBytes + STOMP_LIMITS.headBytes;
    this.#websocket = new WebSocketTransport({ engine, path: prefix, accept, door, maxMessageBytes, subprotocols: SUBPROTOCOLS });
    this.#sockjs = new SockJsTransport({ ...options, accept, raw: this.#websocket, maxMessageBytes });
  }

  covers(path: string): boolean {
    return this.#sockjs.covers(path);
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    this.#sockjs.request(request, response);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (request.url ?? '/').split('?', 1)[0]?.replace(/\/$/, '');
    if (path === this.#prefix) this.#websocket.upgrade(request, socket, head);
    else this.#sockjs.upgrade(request, socket, head);
  }

  stop(): void {
    this.#sockjs.stop();
    this.#wheel.stop();
  }
}

/** Puts STOMP between the transports below and the sessions above. */
export function acceptStomp(accept: AcceptConnection, deps: StompDeps): AcceptCarrier {
  return (inner) => {
    const connection = new StompConnection(inner, deps);
    connection.handler = accept(connection);
    return connection;
  };
}

function beatsOf(intervalMs: number): HeartBeat {
  return { sends: Math.min(SENDS_MS, intervalMs), wants: Math.min(WANTS_MS, intervalMs) };
}
