import { MemorySessionOwners } from '../../shared/adapters/memory/session-owners.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import { Door, type DoorOptions } from '../../server/transport/door.js';
import { ChatHttpServer } from '../../server/transport/http-server.js';
import { SockJsTransport, type SockJsOptions } from '../../server/transport/sockjs/sockjs-transport.js';
import { WebSocketTransport, type WebSocketEngineName } from '../../server/transport/websocket/websocket-transport.js';
import type { Connection, ConnectionHandler } from '../../server/transport/connection.js';
import { SilentLogger } from './silent-logger.js';

/** A connection as the sessions above the transports see it. */
export class EchoConnection implements ConnectionHandler {
  readonly connection: Connection;
  /** Resolves with the code once the transport says that it is over. */
  readonly ended: Promise<number>;
  drains = 0;
  readonly #echo: boolean;
  #end: (code: number) => void = () => undefined;

  constructor(connection: Connection, options: { readonly echo: boolean }) {
    this.connection = connection;
    this.#echo = options.echo;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  received(message: Uint8Array): void {
    if (this.#echo) this.connection.send([message]);
  }

  drained(): void {
    this.drains += 1;
  }

  closed(code: number): void {
    this.#end(code);
  }
}

export interface EchoOptions extends Partial<
  Pick<SockJsOptions, 'websocket' | 'times' | 'responseLimitBytes' | 'maxMessageBytes' | 'publicUrl'>
> {
  readonly door?: Partial<DoorOptions>;
  readonly engine?: WebSocketEngineName;
  /** Of the HTTP server; ms. */
  readonly httpTimes?: ConstructorParameters<typeof ChatHttpServer>[0]['times'];
  /** Off: what comes is taken and forgotten. */
  readonly echo?: boolean;
}

/** The transports alone, below something that says everything back: `/ws` and `/sockjs` on a free port. */
export class EchoService {
  readonly connections: EchoConnection[] = [];
  readonly #http: ChatHttpServer;
  #onConnection: () => void = () => undefined;

  constructor(options: EchoOptions = {}) {
    const door = new Door({ origins: new Set(['*']), maxPerAddress: 1_000, refusal: () => undefined, ...options.door });
    const accept = (connection: Connection): EchoConnection => {
      const echo = new EchoConnection(connection, { echo: options.echo !== false });
      this.connections.push(echo);
      this.#onConnection();
      return echo;
    };
    const transport = { accept, door, maxMessageBytes: options.maxMessageBytes ?? 1_048_576 };
    const websocket = new WebSocketTransport({ ...transport, engine: options.engine, path: '/ws', earlyConnect: true });
    const sockjs = new SockJsTransport({
      publicUrl: 'ws://chat.test/ws?server=echo',
      ...options,
      ...transport,
      prefix: '/sockjs',
      raw: websocket,
      owners: new MemorySessionOwners(),
      self: () => `${this.origin} first`,
      logger: new SilentLogger(),
      metrics: createMetrics({ server: 'echo' }),
    });
    const ops = (_request: unknown, response: { end(): void }): Promise<void> => {
      response.end();
      return Promise.resolve();
    };
    this.#http = new ChatHttpServer({
      host: '127.0.0.1',
      port: 0,
      ops,
      endpoints: [websocket, sockjs],
      door,
      maxSockets: 1_000,
      times: options.httpTimes,
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#http.port}`;
  }

  get base(): string {
    return `${this.origin}/sockjs`;
  }

  get port(): number {
    return this.#http.port;
  }

  async start(): Promise<this> {
    await this.#http.start();
    return this;
  }

  stop(): Promise<void> {
    return this.#http.stop();
  }

  /** The n-th connection, from 0; waits for it. */
  async connection(n: number): Promise<EchoConnection> {
    for (;;) {
      const found = this.connections[n];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#onConnection = resolve));
    }
  }
}
