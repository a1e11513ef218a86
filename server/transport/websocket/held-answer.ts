import type { Duplex } from 'node:stream';
import { HOLD_MS } from './engine.js';

/** The answer of `ws` to an upgrade request that brought the client's first message: it is written, and leaves in one write with what that message is answered with. */
export class HeldAnswer {
  readonly #socket: Duplex;
  readonly #timer: NodeJS.Timeout;
  #held = true;

  /** Before the answer is written. A socket that ends lets go by itself. */
  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.cork();
    this.#timer = setTimeout(letGo, HOLD_MS, this).unref();
  }

  letGo(): void {
    if (!this.#held) return;
    this.#held = false;
    clearTimeout(this.#timer);
    this.#socket.uncork();
  }
}

function letGo(answer: HeldAnswer): void {
  answer.letGo();
}
