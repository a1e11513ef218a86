import { WebSocket } from 'ws';
import type { SocketConstructor } from '../../../client/mod.js';

/** The sockets of one device: they go where the base URL points, and can be broken and held from outside. */
export class DeviceSockets {
  readonly constructorForClient: SocketConstructor;
  readonly #open = new Set<WebSocket>();
  #held = false;

  /** Servers name the gateway as they know it; `origin` is how this run reaches it. */
  constructor(origin: string) {
    const open = this.#open;
    const isHeld = (): boolean => this.#held;
    this.constructorForClient = class extends WebSocket {
      constructor(url: string) {
        super(throughProxy(url, origin), { perMessageDeflate: false });
        open.add(this);
        this.once('open', () => {
          if (isHeld()) this.pause();
        });
        this.once('close', () => open.delete(this));
      }
    };
  }

  /** As if the cable was pulled. */
  cut(): void {
    for (const socket of this.#open) socket.terminate();
  }

  /** Nothing is read from now on, by new sockets neither. */
  hold(): void {
    this.#held = true;
    for (const socket of this.#open) if (socket.readyState === WebSocket.OPEN) socket.pause();
  }

  release(): void {
    this.#held = false;
    for (const socket of this.#open) if (socket.readyState === WebSocket.OPEN) socket.resume();
  }
}

function throughProxy(url: string, origin: string): string {
  const target = new URL(url);
  target.host = new URL(origin).host;
  return target.href;
}
