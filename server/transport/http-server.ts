import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { OpsHandler } from '../../shared/runtime/ops-http.js';
import type { Service } from '../../shared/runtime/service.js';
import { clientAddress } from './client-address.js';
import type { Door } from './door.js';
import { refuseUpgrade, type Endpoint } from './endpoint.js';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly ops: OpsHandler;
  readonly endpoints: readonly Endpoint[];
  readonly door: Door;
  /** TCP connections, whatever comes over them; more are dropped at once. */
  readonly maxSockets: number;
  readonly times?: Partial<typeof TIMES> | undefined;
}

/** Headers within 10 seconds and the whole request within 15, looked at every 2 seconds: slow writers hold nothing for long. */
const TIMES = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 };
const MAX_HEADER_BYTES = 16_384;

/** The chat server's one port: the transports below their paths, and health, readiness and metrics. */
export class ChatHttpServer implements Service {
  readonly name = 'http';
  readonly #server: Server;
  readonly #options: HttpServerOptions;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer({ ...TIMES, ...options.times, maxHeaderSize: MAX_HEADER_BYTES }, (request, response) =>
      this.#request(request, response),
    );
    this.#server.maxConnections = options.maxSockets;
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
    for (const endpoint of this.#options.endpoints) endpoint.stop();
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const endpoint = this.#endpointOf(request);
    if (endpoint === undefined) this.#options.ops(request, response).catch(() => response.destroy());
    else endpoint.request(request, response);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', destroy);
    const { door } = this.#options;
    const endpoint = this.#endpointOf(request);
    const refusal = door.refusal(clientAddress(request));
    if (endpoint === undefined) refuseUpgrade(socket, '404 Not Found');
    else if (!door.allowsOrigin(request.headers.origin)) refuseUpgrade(socket, '403 Forbidden');
    else if (refusal === 'address') refuseUpgrade(socket, '429 Too Many Requests');
    else if (refusal !== undefined) refuseUpgrade(socket, '503 Service Unavailable');
    else endpoint.upgrade(request, socket, head);
  }

  #endpointOf(request: IncomingMessage): Endpoint | undefined {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    return this.#options.endpoints.find((endpoint) => endpoint.covers(path));
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}
