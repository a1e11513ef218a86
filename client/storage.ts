/**
 * Where a device keeps what must outlive the page or the process: its session, its cursors and its unsent messages.
 * One storage belongs to one client at a time: two clients on the same one would use the same refresh token twice.
 */
export interface ClientStorage {
  /** Everything that is kept, read once at the start. */
  entries(): Iterable<readonly [string, string]> | Promise<Iterable<readonly [string, string]>>;
  set(key: string, value: string): void | Promise<void>;
  delete(key: string): void | Promise<void>;
}

/** The part of `localStorage` and `sessionStorage` that is needed. */
export interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Keeps everything under keys that start with `prefix`. */
export function createWebStorage(storage: WebStorage, prefix = 'warren.'): ClientStorage {
  return {
    entries: () => {
      const found: (readonly [string, string])[] = [];
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i);
        if (key?.startsWith(prefix)) found.push([key.slice(prefix.length), storage.getItem(key) ?? '']);
      }
      return found;
    },
    set: (key, value) => {
      storage.setItem(prefix + key, value);
    },
    delete: (key) => {
      storage.removeItem(prefix + key);
    },
  };
}

export function createMemoryStorage(): ClientStorage {
  const map = new Map<string, string>();
  return {
    entries: () => [...map],
    set: (key, value) => {
      map.set(key, value);
    },
    delete: (key) => {
      map.delete(key);
    },
  };
}

/**
 * Storage seen from inside the client: read once, written in the background, one write at a time and in order. Of what waits for a slow storage only
 * the last word on each key is kept. A write that fails is reported and not repeated: the client goes on, and only what it would have resumed from
 * is older.
 */
export class Keep {
  readonly #storage: ClientStorage;
  readonly #onError: (error: unknown) => void;
  /** Not begun yet; undefined: the key is to go. */
  readonly #waiting = new Map<string, string | undefined>();
  #writing: Promise<void> | undefined;

  constructor(storage: ClientStorage, onError: (error: unknown) => void) {
    this.#storage = storage;
    this.#onError = onError;
  }

  async load(): Promise<ReadonlyMap<string, string>> {
    await this.flush();
    return new Map(await this.#storage.entries());
  }

  set(key: string, value: string): void {
    this.#enqueue(key, value);
  }

  delete(key: string): void {
    this.#enqueue(key, undefined);
  }

  /** Resolves when every write so far has been made. */
  flush(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }

  /** In the place of its last word: nothing is written before what was said earlier. */
  #enqueue(key: string, value: string | undefined): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, value);
    this.#writing ??= Promise.resolve().then(() => this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    for (const [key, value] of this.#waiting) {
      this.#waiting.delete(key);
      try {
        if (value === undefined) await this.#storage.delete(key);
        else await this.#storage.set(key, value);
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#writing = undefined;
  }
}
