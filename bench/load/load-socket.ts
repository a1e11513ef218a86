import { WebSocket } from 'ws';
import type { LoadUser } from './protocol.js';

/** One authenticated connection; frames of a turn leave together, as the SDK does it. */
export class LoadSocket {
  readonly #socket: WebSocket;
  #queue: string[] = [];
  onFrame: (frame: Readonly<Record<string, unknown>>) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      for (const line of text.split('\n')) this.onFrame(JSON.parse(line) as Readonly<Record<string, unknown>>);
    });
  }

  /** Resolves after hello. */
  static async open(user: LoadUser): Promise<LoadSocket> {
    const socket = new WebSocket(user.url, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    const load = new LoadSocket(socket);
    const welcomed = new Promise<void>((resolve, reject) => {
      load.onFrame = (frame) => (frame['type'] === 'hello' ? resolve() : reject(new Error(JSON.stringify(frame))));
    });
    load.send({ type: 'connect', version: 1, token: user.token, client: 'bench' });
    await welcomed;
    return load;
  }

  send(frame: Readonly<Record<string, unknown>>): void {
    if (this.#queue.push(JSON.stringify(frame)) > 1) return;
    setImmediate(() => {
      const message = this.#queue.join('\n');
      this.#queue = [];
      this.#socket.send(message);
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
