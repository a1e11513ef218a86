import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { OpsHandler } from '../../shared/runtime/ops-http.js';
import type { Service } from '../../shared/runtime/service.js';
import { isOriginAllowed } from './origin-check.js';
import type { WebSocketTransport } from './websocket.js';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly ops: OpsHandler;
  readonly websocket: WebSocketTransport;
  readonly origins: ReadonlySet<string>;
  /** Why new connections are refused right now, if they are. */
  readonly refusal: () => 'draining' | 'full' | undefined;
}

/** The chat server's one port: `/ws` by upgrade, and health, readiness and metrics. */
export class ChatHttpServer implements Service {
  readonly name = 'http';
  readonly #server: Server;
  readonly #options: HttpServerOptions;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000, maxHeaderSize: 16_384 }, (request, response) => {
      options.ops(request, response).catch(() => response.destroy());
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** The port that was taken, once started. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: this.#options.host, port: this.#options.port, backlog: 4096 }, resolve);
    });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '/').split('?', 1)[0];
    const refusal = this.#options.refusal();
    if (path !== '/ws') refuse(socket, '404 Not Found');
    else if (!isOriginAllowed(request.headers.origin, this.#options.origins)) refuse(socket, '403 Forbidden');
    else if (refusal !== undefined) refuse(socket, '503 Service Unavailable');
    else this.#options.websocket.upgrade(request, socket, head);
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
