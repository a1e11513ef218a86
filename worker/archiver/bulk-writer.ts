import type { ChatEvent } from '../../shared/domain/events.js';
import type { ApplyResult, MessageStore } from '../../shared/ports/index.js';

interface Waiting {
  readonly events: readonly ChatEvent[];
  readonly atOnce: boolean;
  readonly resolve: (result: ApplyResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Nobody waits for the store: what is acked is read from the recent window. */
const GAP_MS = 250;
/** So many do not wait any longer: a write blocks the process, and after an outage there is much to write. */
const MANY_EVENTS = 10_000;

/**
 * Group commit: what all partitions hand over within a moment is one write of the store, and writes begin at least `GAP_MS` apart, because
 * a larger one touches each page of the store's indexes once for many messages (docs/adr/0009-append-notes.md). The first one after a quiet time
 * begins at once, and so does one that cannot grow.
 */
export class BulkWriter {
  readonly #messages: Pick<MessageStore, 'apply'>;
  #waiting: Waiting[] = [];
  #waitingEvents = 0;
  #startedAt = Number.NEGATIVE_INFINITY;
  /** Decided, and not done yet. */
  #writing = false;
  /** Of what waits for the gap. */
  #timer: NodeJS.Timeout | undefined;

  constructor(messages: Pick<MessageStore, 'apply'>) {
    this.#messages = messages;
  }

  /** What `MessageStore.apply` answers, of these events. `atOnce`: nothing more will come before they are written. */
  write(events: readonly ChatEvent[], { atOnce }: { readonly atOnce: boolean }): Promise<ApplyResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, atOnce, resolve, reject });
      this.#waitingEvents += events.length;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#writing) return;
    clearTimeout(this.#timer);
    const isDue = this.#waitingEvents >= MANY_EVENTS || this.#waiting.some(({ atOnce }) => atOnce);
    const ms = isDue ? 0 : this.#startedAt + GAP_MS - performance.now();
    this.#writing = ms <= 0;
    if (ms > 0) this.#timer = setTimeout(this.#begin, ms);
    else setImmediate(this.#begin);
  }

  readonly #begin = (): void => {
    this.#writing = true;
    void this.#flush().finally(() => {
      this.#writing = false;
      if (this.#waiting.length > 0) this.#schedule();
    });
  };

  async #flush(): Promise<void> {
    this.#startedAt = performance.now();
    const writes = this.#waiting;
    this.#waiting = [];
    this.#waitingEvents = 0;
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
