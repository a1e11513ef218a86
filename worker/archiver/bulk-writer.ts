import type { ChatEvent } from '../../shared/domain/events.js';
import type { ApplyResult, MessageStore } from '../../shared/ports/index.js';

interface Waiting {
  readonly events: readonly ChatEvent[];
  readonly resolve: (result: ApplyResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Nobody waits for the store: what is acked is read from the recent window. */
const GAP_MS = 100;

/**
 * Group commit: what all partitions hand over within a moment is one write of the store, and writes begin at least `GAP_MS` apart, because
 * a larger one touches each page of the store's indexes once for many messages. The first one after a quiet time begins at once.
 */
export class BulkWriter {
  readonly #messages: Pick<MessageStore, 'apply'>;
  #waiting: Waiting[] = [];
  #startedAt = Number.NEGATIVE_INFINITY;
  #scheduled = false;

  constructor(messages: Pick<MessageStore, 'apply'>) {
    this.#messages = messages;
  }

  /** What `MessageStore.apply` answers, of these events. */
  write(events: readonly ChatEvent[]): Promise<ApplyResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const ms = this.#startedAt + GAP_MS - performance.now();
    const begin = (): void => void this.#flush().finally(() => this.#next());
    if (ms > 0) setTimeout(begin, ms);
    else setImmediate(begin);
  }

  #next(): void {
    this.#scheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #flush(): Promise<void> {
    this.#startedAt = performance.now();
    const writes = this.#waiting;
    this.#waiting = [];
    try {
      const result = await this.#messages.apply(writes.flatMap(({ events }) => events));
      for (const write of writes) write.resolve(writes.length === 1 ? result : resultOf(write.events, result));
    } catch (error) {
      if (writes.length === 1) writes[0]?.reject(error);
      // Perhaps the fault of one partition's events: the others must not wait for it.
      else for (const write of writes) await this.#messages.apply(write.events).then(write.resolve, write.reject);
    }
  }
}

function resultOf(events: readonly ChatEvent[], all: ApplyResult): ApplyResult {
  if (all.conflicts.length === 0 && all.orphans.length === 0) return all;
  const own = new Set(events);
  return { conflicts: all.conflicts.filter(({ event }) => own.has(event)), orphans: all.orphans.filter((event) => own.has(event)) };
}
