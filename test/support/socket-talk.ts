import type { SocketLike } from '../../client/socket.js';

/** A socket of the SDK, spoken to by hand. */
export class SocketTalk {
  readonly opened: Promise<void>;
  readonly closed: Promise<number>;
  readonly #socket: SocketLike;
  readonly #lines: string[] = [];
  #wake: () => void = () => undefined;

  constructor(socket: SocketLike) {
    this.#socket = socket;
    this.opened = new Promise((resolve) => socket.addEventListener('open', () => resolve()));
    this.closed = new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('message', ({ data }) => {
      this.#lines.push(...String(data).split('\n'));
      this.#wake();
    });
  }

  send(...frames: readonly (string | object)[]): void {
    for (const frame of frames) this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The next frame, whatever it is. */
  async next(): Promise<Readonly<Record<string, unknown>>> {
    while (this.#lines.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return JSON.parse(this.#lines.shift() ?? '') as Readonly<Record<string, unknown>>;
  }

  close(code?: number): void {
    this.#socket.close(code);
  }
}
