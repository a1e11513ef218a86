import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '../endpoint.js';
import type { EngineOptions, WebSocketEngine } from './engine.js';
import { LeanEngine } from './lean-engine.js';
import { WsEngine } from './ws-engine.js';

/** `ws`: the library that everybody uses. `lean`: our own frames on bare sockets, for many connections (docs/guides/transports.md). */
export const WEBSOCKET_ENGINES = ['ws', 'lean'] as const;
export type WebSocketEngineName = (typeof WEBSOCKET_ENGINES)[number];

export interface WebSocketOptions extends EngineOptions {
  readonly path: string;
  /** Default `ws`. */
  readonly engine?: WebSocketEngineName | undefined;
}

/** WebSockets at one path. */
export class WebSocketTransport implements Endpoint {
  readonly #path: string;
  readonly #engine: WebSocketEngine;

  constructor(options: WebSocketOptions) {
    this.#path = options.path;
    this.#engine = options.engine === 'lean' ? new LeanEngine(options) : new WsEngine(options);
  }

  covers(path: string): boolean {
    return path === this.#path;
  }

  request(_request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(426, { 'content-type': 'text/plain; charset=utf-8', upgrade: 'websocket', connection: 'close' });
    response.end('this is a WebSocket endpoint\n');
  }

  stop(): void {
    // Sockets end with their sessions.
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#engine.upgrade(request, socket, head);
  }
}
