import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Dialect, Incoming, Outgoing } from './dialects/dialect.js';
import type { LoadUser } from './protocol.js';

const OPEN_WITHIN_MS = 30_000;

/** One authenticated connection. Frames of a turn leave in one write, whatever the dialect. */
export class LoadSocket {
  readonly #socket: WebSocket;
  readonly #dialect: Dialect;
  #tcp: Socket | undefined;
  #queue: string[] = [];
  onMessage: Incoming['message'] = () => undefined;
  onAck: Incoming['ack'] = () => undefined;
  onError: Incoming['error'] = (_clientId, text) => {
    throw new Error(text);
  };

  private constructor(user: LoadUser, dialect: Dialect) {
    this.#dialect = dialect;
    this.#socket = new WebSocket(dialect.address(user), dialect.subprotocols?.(user) ?? [], {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#socket.once('upgrade', (response: IncomingMessage) => (this.#tcp = response.socket));
    this.#socket.once('open', () => {
      const greeting = dialect.greeting(user);
      if (greeting !== undefined) this.#socket.send(greeting);
    });
  }

  /** Resolves when the system takes messages from this user and for it. */
  static async open(user: LoadUser, dialect: Dialect): Promise<LoadSocket> {
    const load = new LoadSocket(user, dialect);
    await load.#untilReady();
    return load;
  }

  send(outgoing: Outgoing): void {
    this.#enqueue(this.#dialect.encode(outgoing));
  }

  /** For as long as it is open. */
  keepAlive(): void {
    if (this.#dialect.heartbeat !== undefined) this.#enqueue(this.#dialect.heartbeat);
  }

  close(): void {
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => undefined);
    this.#socket.terminate();
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the system did not say that it is ready')), OPEN_WITHIN_MS);
      const fail = (error: Error): void => {
        clearTimeout(late);
        reject(error);
      };
      const ready = (): void => {
        clearTimeout(late);
        this.#socket.off('error', fail);
        this.#socket.on('error', (error) => this.onError(undefined, error.message));
        this.#socket.on('close', (code) => this.onError(undefined, `the connection was closed with ${code}`));
        resolve();
      };
      this.#socket.once('error', fail);
      const incoming: Incoming = {
        ready,
        message: (channelId, id, content) => this.onMessage(channelId, id, content),
        ack: (clientId) => this.onAck(clientId),
        error: (clientId, text) => this.onError(clientId, text),
        reply: (text) => this.#enqueue(text),
      };
      this.#socket.on('message', (data: Buffer) => this.#dialect.decode(data.toString('utf8'), incoming));
    });
  }

  #enqueue(text: string): void {
    if (this.#queue.push(text) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const texts = this.#queue;
    this.#queue = [];
    if (this.#dialect.joinsFrames || texts.length === 1) {
      this.#socket.send(texts.join('\n'));
      return;
    }
    this.#tcp?.cork();
    for (const text of texts) this.#socket.send(text);
    this.#tcp?.uncork();
  }
}
