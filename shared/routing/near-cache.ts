import { TurnCalls } from './turn-calls.js';

export interface NearCacheOptions<Key, Value> {
  /** Entries. */
  readonly capacity: number;
  /** Keys of one look-up, at most. */
  readonly maxKeys: number;
  /** The values in the order of the keys. */
  readonly load: (keys: readonly Key[]) => Promise<readonly Value[]>;
}

/** What the cache knows of a key, for whoever comes back to it: a look-up among many keys costs more than looking at this. */
export interface Held<Value> {
  readonly value: Value;
  /** False once the cache does not hold it any more. */
  readonly current: boolean;
}

type Entry<Value> = { -readonly [Field in keyof Held<Value>]: Held<Value>[Field] };

/** Under way at a time. */
const LOOKUPS = 4;

/**
 * A bounded, least-recently-used cache in front of a batch look-up: what a turn asks for and is not known is one look-up. One per key at a
 * time; what was being looked up when its key was invalidated is not kept, and whoever asks afterwards starts a fresh one.
 */
export class NearCache<Key extends string, Value> {
  readonly #capacity: number;
  readonly #entries = new Map<Key, Entry<Value>>();
  readonly #loading = new Map<Key, Promise<Value>>();
  readonly #calls: TurnCalls<Key, Value>;

  constructor({ capacity, maxKeys, load }: NearCacheOptions<Key, Value>) {
    this.#capacity = capacity;
    this.#calls = new TurnCalls({ call: load, concurrency: LOOKUPS, maxItems: maxKeys, maxWaiting: capacity });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is known now, without I/O. */
  peek(key: Key): Value | undefined {
    return this.find(key)?.value;
  }

  /** The same, to be kept for a while. */
  find(key: Key): Held<Value> | undefined {
    const entry = this.#entries.get(key);
    // While there is plenty of room the order of use does not matter, and keeping it costs more than the look-up.
    if (entry === undefined || this.#entries.size * 2 <= this.#capacity) return entry;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Rejects as the look-up does, or with OVERLOADED when more than the capacity wait for one. */
  async get(key: Key): Promise<Value> {
    // Who starts a look-up waits for the same promise as who joins it: they are answered in their order.
    return this.peek(key) ?? this.#loading.get(key) ?? this.#startLoad(key);
  }

  /** All of them, in order. */
  getMany(keys: readonly Key[]): Promise<Value[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  invalidate(key: Key): void {
    this.#drop(key);
    this.#loading.delete(key);
  }

  clear(): void {
    for (const entry of this.#entries.values()) entry.current = false;
    this.#entries.clear();
    this.#loading.clear();
  }

  #startLoad(key: Key): Promise<Value> {
    const loading = this.#calls.ask(key);
    this.#loading.set(key, loading);
    loading.then(
      (value) => this.#finish(key, loading, value),
      () => this.#abandon(key, loading),
    );
    return loading;
  }

  #finish(key: Key, load: Promise<Value>, value: Value): void {
    if (this.#loading.get(key) !== load) return;
    this.#loading.delete(key);
    this.#drop(key);
    this.#entries.set(key, { value, current: true });
    if (this.#entries.size > this.#capacity) this.#drop(this.#entries.keys().next().value as Key);
  }

  #drop(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.current = false;
    this.#entries.delete(key);
  }

  #abandon(key: Key, load: Promise<Value>): void {
    if (this.#loading.get(key) === load) this.#loading.delete(key);
  }
}
