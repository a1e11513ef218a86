import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a bad proxy does to its customers: refuse upgrades, swallow them, or hold an answer back until it is whole. */
export interface Hostility {
  readonly upgrades: 'pass' | 'refuse' | 'swallow';
  readonly answers: 'pass' | 'buffer';
}

/** Stands between browsers and a chat server, as some companies' proxies and virus scanners do. */
export class HostileProxy {
  hostility: Hostility;
  /** What it answers by itself, by path: pages of a site that lies on the same origin. */
  readonly pages = new Map<string, { readonly type: string; readonly body: string | Buffer }>();
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(target: string, hostility: Hostility) {
    this.#target = new URL(target);
    this.hostility = hostility;
    this.#server = createServer((request, response) => this.#pass(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const page = this.pages.get((request.url ?? '/').split('?', 1)[0] ?? '/');
    if (page !== undefined) {
      response.setHeader('content-type', page.type).end(page.body);
      return;
    }
    const upstream = this.#ask(request);
    request.pipe(upstream);
    upstream.on('error', () => response.destroy());
    response.on('error', () => undefined).on('close', () => upstream.destroy());
    upstream.on('response', (answer) => {
      if (this.hostility.answers === 'pass') {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
        return;
      }
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.end(Buffer.concat(chunks));
      });
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.hostility.upgrades === 'swallow') return;
    if (this.hostility.upgrades === 'refuse') {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = this.#ask(request);
    upstream.on('error', () => socket.destroy());
    upstream.on('response', () => socket.destroy());
    upstream.on('upgrade', (answer, other, otherHead) => {
      const lines = answer.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
      socket.write(otherHead);
      other.write(head);
      for (const [from, to] of [[socket, other] as const, [other, socket] as const])
        from.on('error', () => to.destroy()).on('close', () => to.destroy());
      other.pipe(socket).pipe(other);
    });
    upstream.end();
  }

  #ask(request: IncomingMessage): ReturnType<typeof httpRequest> {
    const { hostname, port } = this.#target;
    const { method = 'GET', url = '/', headers } = request;
    return httpRequest({ hostname, port, method, path: url, headers, agent: false });
  }
}
