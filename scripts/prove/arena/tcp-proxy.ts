import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How bytes travel: as they come, later, or one by one. */
export interface Passage {
  readonly latencyMs: number;
  /** This many bytes of each read are written one by one. */
  readonly sliced: number;
}

const CLEAR: Passage = { latencyMs: 0, sliced: 0 };
/** What may be on its way through one direction of one connection; beyond it the source is not read. */
const IN_FLIGHT_BYTES = 1024 * 1024;

/** Stands between a process and what it talks to, and makes the network between them bad. The target may be named later. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #target: { readonly host: string; readonly port: number } | undefined;
  #passage = CLEAR;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (client: Socket) => this.#join(client));
  }

  static async listen(): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  pointAt(port: number, host = '127.0.0.1'): void {
    this.#target = { host, port };
  }

  /** New connections end at once, until there is a target again. */
  pointNowhere(): void {
    this.#target = undefined;
  }

  /** The connections of now stay open and carry nothing any more, in neither direction; new ones are fine. */
  blackhole(): void {
    for (const pair of this.#pairs) pair.swallow();
  }

  /** Ends the connections that carry nothing. */
  dropBlackholes(): void {
    for (const pair of [...this.#pairs]) if (pair.swallowed) pair.end();
  }

  impair(passage: Partial<Passage>): void {
    this.#passage = { ...CLEAR, ...passage };
  }

  heal(): void {
    this.#passage = CLEAR;
  }

  /** All connections end at once. */
  cut(): void {
    for (const pair of [...this.#pairs]) pair.end();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }

  #join(client: Socket): void {
    if (this.#target === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect({ ...this.#target, noDelay: true });
    const pair: Pair = new Pair(client, upstream, { passage: () => this.#passage, onEnd: () => this.#pairs.delete(pair) });
    this.#pairs.add(pair);
  }
}

interface PairHooks {
  readonly passage: () => Passage;
  readonly onEnd: () => void;
}

class Pair {
  readonly #sockets: readonly [Socket, Socket];
  readonly #hooks: PairHooks;
  swallowed = false;

  constructor(client: Socket, upstream: Socket, hooks: PairHooks) {
    this.#sockets = [client, upstream];
    this.#hooks = hooks;
    for (const socket of this.#sockets) socket.on('error', () => this.end()).on('close', () => this.end());
    this.#carry(client, upstream);
    this.#carry(upstream, client);
  }

  swallow(): void {
    this.swallowed = true;
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#hooks.onEnd();
  }

  #carry(from: Socket, to: Socket): void {
    let order = Promise.resolve();
    let inFlight = 0;
    from.on('data', (chunk: Buffer) => {
      if (this.swallowed) return;
      const { latencyMs, sliced } = this.#hooks.passage();
      if (latencyMs === 0 && sliced === 0 && inFlight === 0) {
        if (!to.write(chunk)) this.#waitForDrain(from, to);
        return;
      }
      inFlight += chunk.length;
      if (inFlight > IN_FLIGHT_BYTES) from.pause();
      const due = performance.now() + latencyMs;
      order = order.then(async () => {
        const wait = due - performance.now();
        if (wait > 1) await delay(wait);
        await this.#writeSliced(to, chunk, sliced);
        inFlight -= chunk.length;
        if (inFlight <= IN_FLIGHT_BYTES) from.resume();
      });
    });
    from.on('end', () => void order.then(() => to.end()));
  }

  #waitForDrain(from: Socket, to: Socket): void {
    from.pause();
    to.once('drain', () => from.resume());
  }

  /** So many bytes each in a write, and so in a packet, of their own. */
  async #writeSliced(to: Socket, chunk: Buffer, sliced: number): Promise<void> {
    const cut = Math.min(sliced, chunk.length);
    for (let i = 0; i < cut && this.#carries(to); i++) {
      to.write(chunk.subarray(i, i + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (cut < chunk.length && this.#carries(to)) to.write(chunk.subarray(cut));
  }

  #carries(to: Socket): boolean {
    return !this.swallowed && !to.destroyed;
  }
}
