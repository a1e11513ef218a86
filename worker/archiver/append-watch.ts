import type { ChatEvent } from '../../shared/domain/events.js';

/** Events that are read only when they have to be looked for, because they hardly ever are. */
type ReadEvents = () => readonly ChatEvent[];

interface Entry {
  readonly read: ReadEvents;
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A busy server's next batch carries the note long before; an idle one's last batch is looked for in the window. */
const CHECK_AFTER_MS = 250;

/**
 * Stored batches until it is known that the recent window holds their events: their producer says so in the head of a later batch
 * (docs/adr/0009-append-notes.md), or they are put right by looking.
 */
export class AppendWatch {
  readonly #putRight: (events: readonly ChatEvent[]) => Promise<void>;
  /** By the batch's key, in the order of their coming. */
  readonly #waiting = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;

  constructor(putRight: (events: readonly ChatEvent[]) => Promise<void>) {
    this.#putRight = putRight;
  }

  /** Resolves when the window holds the events, or they have been put right. Rejects with what `putRight` rejects with. */
  pass(key: string | undefined, read: ReadEvents): Promise<void> {
    if (key === undefined) return this.#putRight(read());
    // The same batch again: the channel that brought the first one is gone, or its producer published it twice.
    this.#waiting.get(key)?.resolve();
    this.#waiting.delete(key);
    return new Promise((resolve, reject) => {
      this.#waiting.set(key, { read, since: performance.now(), resolve, reject });
      this.#timer ??= setTimeout(() => this.#check(), CHECK_AFTER_MS);
    });
  }

  /** These batches are in the window. */
  note(keys: readonly string[]): void {
    for (const key of keys) {
      this.#waiting.get(key)?.resolve();
      this.#waiting.delete(key);
    }
  }

  /** Nothing is looked for any more. */
  stop(reason: Error): void {
    clearTimeout(this.#timer);
    for (const entry of this.#waiting.values()) entry.reject(reason);
    this.#waiting.clear();
  }

  #check(): void {
    const due: Entry[] = [];
    const now = performance.now();
    for (const [key, entry] of this.#waiting) {
      if (now - entry.since < CHECK_AFTER_MS) break;
      due.push(entry);
      this.#waiting.delete(key);
    }
    const [oldest] = this.#waiting.values();
    this.#timer = oldest === undefined ? undefined : setTimeout(() => this.#check(), Math.max(1, oldest.since + CHECK_AFTER_MS - now));
    if (due.length === 0) return;
    this.#putRight(due.flatMap(({ read }) => read())).then(
      () => due.forEach(({ resolve }) => resolve()),
      (error: unknown) => due.forEach(({ reject }) => reject(error)),
    );
  }
}
