/**
 * A bounded, least-recently-used cache in front of a batch look-up. One load per key at a time; a load that was under
 * way when its key was invalidated is not kept, and whoever asks afterwards starts a fresh one.
 */
export class NearCache<Key extends string, Value> {
  readonly #load: (keys: readonly Key[]) => Promise<readonly Value[]>;
  readonly #capacity: number;
  readonly #values = new Map<Key, Value>();
  readonly #loading = new Map<Key, Promise<Value>>();

  constructor(options: { readonly capacity: number; readonly load: (keys: readonly Key[]) => Promise<readonly Value[]> }) {
    this.#capacity = options.capacity;
    this.#load = options.load;
  }

  get size(): number {
    return this.#values.size;
  }

  /** What is known now, without I/O. */
  peek(key: Key): Value | undefined {
    const value = this.#values.get(key);
    // While there is plenty of room the order of use does not matter, and keeping it costs more than the look-up.
    if (value === undefined || this.#values.size * 2 <= this.#capacity) return value;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  async get(key: Key): Promise<Value> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    // Who starts a load waits for the same promise as who joins it: they are answered in their order.
    if (!this.#loading.has(key)) void this.#startLoad([key]).catch(() => undefined);
    return this.#loading.get(key) as Promise<Value>;
  }

  /** All of them, in order; what is missing is loaded in one look-up. */
  async getMany(keys: readonly Key[]): Promise<Value[]> {
    const missing = keys.filter((key) => !this.#values.has(key) && !this.#loading.has(key));
    if (missing.length > 0) void this.#startLoad(missing).catch(() => undefined);
    return Promise.all(keys.map((key) => this.get(key)));
  }

  invalidate(key: Key): void {
    this.#values.delete(key);
    this.#loading.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#loading.clear();
  }

  #startLoad(keys: readonly Key[]): Promise<readonly Value[]> {
    const loaded = this.#load(keys);
    keys.forEach((key, i) => {
      const one = loaded.then((values) => values[i] as Value);
      this.#loading.set(key, one);
      one.then(
        (value) => this.#finish(key, one, value),
        () => this.#abandon(key, one),
      );
    });
    return loaded;
  }

  #finish(key: Key, load: Promise<Value>, value: Value): void {
    if (this.#loading.get(key) !== load) return;
    this.#loading.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#capacity) this.#values.delete(this.#values.keys().next().value as Key);
  }

  #abandon(key: Key, load: Promise<Value>): void {
    if (this.#loading.get(key) === load) this.#loading.delete(key);
  }
}
