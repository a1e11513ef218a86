import type { ChatEvent } from '../../shared/domain/events.js';
import type { ApplyResult, MessageStore } from '../../shared/ports/index.js';

/** What is to be written, not read yet: it may wait for a while, and texts and objects that do not live meanwhile cost no garbage collection. */
export interface Unread<Content> {
  readonly read: () => Content;
  readonly bytes: number;
  /** Nothing more will come before it is written. */
  readonly atOnce: boolean;
}

export interface Written<Content> {
  readonly content: Content;
  /** What `MessageStore.apply` answers, of these events. */
  readonly result: ApplyResult;
}

interface Waiting<Content> extends Unread<Content> {
  readonly resolve: (written: Written<Content>) => void;
  readonly reject: (error: unknown) => void;
}

/** Nobody waits for the store: what is acked is read from the recent window. */
const GAP_MS = 250;
/** So much does not wait any longer: a write blocks the process, and after an outage there is much to write. */
const MANY_BYTES = 4 * 1024 * 1024;

/**
 * Group commit: what all partitions hand over within a moment is one write of the store, and writes begin at least `GAP_MS` apart, because
 * a larger one touches each page of the store's indexes once for many messages (docs/adr/0009-append-notes.md). The first one after a quiet time
 * begins at once, and so does one that cannot grow.
 */
export class BulkWriter<Content extends { readonly events: readonly ChatEvent[] }> {
  readonly #messages: Pick<MessageStore, 'apply'>;
  #waiting: Waiting<Content>[] = [];
  #waitingBytes = 0;
  #startedAt = Number.NEGATIVE_INFINITY;
  /** Decided, and not done yet. */
  #writing = false;
  /** Of what waits for the gap. */
  #timer: NodeJS.Timeout | undefined;

  constructor(messages: Pick<MessageStore, 'apply'>) {
    this.#messages = messages;
  }

  write(unread: Unread<Content>): Promise<Written<Content>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...unread, resolve, reject });
      this.#waitingBytes += unread.bytes;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#writing) return;
    clearTimeout(this.#timer);
    const isDue = this.#waitingBytes >= MANY_BYTES || this.#waiting.some(({ atOnce }) => atOnce);
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
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const writes = waiting.map(({ read, resolve, reject }) => ({ content: read(), resolve, reject }));
    try {
      const result = await this.#messages.apply(writes.flatMap(({ content }) => content.events));
      for (const { content, resolve } of writes)
        resolve({ content, result: writes.length === 1 ? result : resultOf(content.events, result) });
    } catch (error) {
      if (writes.length === 1) writes[0]?.reject(error);
      // Perhaps the fault of one partition's events: the others must not wait for it.
      else
        for (const { content, resolve, reject } of writes)
          await this.#messages.apply(content.events).then((result) => resolve({ content, result }), reject);
    }
  }
}

function resultOf(events: readonly ChatEvent[], all: ApplyResult): ApplyResult {
  if (all.conflicts.length === 0 && all.orphans.length === 0) return all;
  const own = new Set(events);
  return { conflicts: all.conflicts.filter(({ event }) => own.has(event)), orphans: all.orphans.filter((event) => own.has(event)) };
}
