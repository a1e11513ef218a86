import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a product, so that a test can lose the product without touching it. */
export class TcpProxy {
  readonly #target: URL;
  readonly #pairs = new Set<{ readonly client: Socket; readonly upstream: Socket }>();
  #server: Server | undefined;
  #port = 0;
  #mine: { readonly bytes: Buffer; times: number } | undefined;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** The product's URL by way of the proxy. The port stays the same when it closes and opens again. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** Takes connections. */
  async open(): Promise<void> {
    const server = createServer((client) => this.#join(client));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Cuts all connections and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    this.cut();
    await closed;
  }

  /** Cuts all connections; new ones are taken. */
  cut(): void {
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** The next so many times that a client says this, it is not passed on: the connection is cut. */
  cutAt(bytes: Buffer, times: number): void {
    this.#mine = { bytes, times };
  }

  /** The product's answers no longer reach the clients. */
  muteAnswers(): void {
    for (const { client, upstream } of this.#pairs) {
      upstream.unpipe(client);
      upstream.resume();
    }
  }

  #join(client: Socket): void {
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    const pair = { client, upstream };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.on('data', (chunk: Buffer) => {
      if (this.#isMined(chunk)) end();
    });
    client.pipe(upstream).pipe(client);
  }

  #isMined(chunk: Buffer): boolean {
    if (this.#mine === undefined || this.#mine.times === 0 || !chunk.includes(this.#mine.bytes)) return false;
    this.#mine.times -= 1;
    return true;
  }
}
