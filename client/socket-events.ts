import type { SocketLike } from './socket.js';

interface SocketEventMap {
  readonly open: undefined;
  readonly error: undefined;
  readonly message: { readonly data: unknown };
  readonly close: { readonly code: number; readonly reason: string };
}

type Listener = (event: never) => void;

/** The listening half of a socket that is none of the platform's. */
export abstract class SocketEvents implements SocketLike {
  readonly #listeners = new Map<string, Listener[]>();

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  abstract send(data: string): void;
  abstract close(code?: number, reason?: string): void;

  protected emit<Type extends keyof SocketEventMap>(type: Type, event: SocketEventMap[Type]): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}
