import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** One origin for the API and for chat servers by name, as nginx makes it, in this process. */
export class ProveGateway {
  readonly #server: Server;
  readonly #apiPort: number;
  readonly #servers: ReadonlyMap<string, number>;

  constructor(ports: { readonly api: number; readonly servers: ReadonlyMap<string, number> }) {
    this.#apiPort = ports.api;
    this.#servers = ports.servers;
    this.#server = createServer((incoming, answer) => {
      const { method, url: path, headers } = incoming;
      const onward = request({ host: '127.0.0.1', port: this.#apiPort, method, path, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      incoming.pipe(onward);
    });
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(incoming, socket, head));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { url = '', rawHeaders } = incoming;
    const port = this.#servers.get(new URL(url, 'http://gateway').searchParams.get('server') ?? '') ?? 0;
    const upstream = connect({ host: '127.0.0.1', port });
    for (const one of [socket, upstream]) one.on('error', () => one.destroy());
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1] ?? ''}`] : []));
    upstream.write([`GET ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  }
}
