import { ChatError } from '../../shared/errors/chat-error.js';

/** A port that can be away: every call rejects with UNAVAILABLE while it is. */
export class Outage {
  #on = false;

  begin(): void {
    this.#on = true;
  }

  end(): void {
    this.#on = false;
  }

  of<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (this.#on) return Promise.reject(new ChatError('UNAVAILABLE'));
          return (value as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  }
}
