import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** What the gateway's neighbour behind it sees of a request. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Stands in for a chat server or an API: says its name, echoes what it saw, greets a WebSocket with its name. */
export class Upstream {
  readonly #name: string;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  constructor(name: string) {
    this.#name = name;
    this.#server = createServer((request, response) => {
      const seen: SeenRequest = { path: request.url ?? '', headers: request.headers };
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, ...seen }));
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => client.send(this.#name));
    });
  }

  async start(): Promise<{ readonly name: string; readonly address: string }> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return { name: this.#name, address: `127.0.0.1:${(this.#server.address() as AddressInfo).port}` };
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    for (const client of this.#sockets.clients) client.terminate();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
