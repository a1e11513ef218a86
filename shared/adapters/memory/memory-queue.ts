import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from '../../ports/index.js';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

export interface MemoryQueueOptions {
  readonly maxBytes: number;
  /** What happens to a message that does not fit: it is refused, or the oldest ones make room. */
  readonly overflow: 'refuse' | 'drop-oldest';
}

/** Takes messages, oldest first; when it rejects, they are handed out again after a pause. */
export interface MemoryQueueReader {
  readonly prefetch: number;
  readonly take: (messages: readonly Uint8Array[]) => Promise<void>;
}

interface AttachedReader extends MemoryQueueReader {
  readonly stopping: AbortController;
}

/** A bounded queue inside the process with a single active reader: the one that came first; the next takes over when it leaves. */
export class MemoryQueue {
  readonly #options: MemoryQueueOptions;
  readonly #readers: AttachedReader[] = [];
  readonly #messages: Uint8Array[] = [];
  #bytes = 0;
  /** The first messages of the queue that a reader has in its hands. */
  #handedOut = 0;
  #holder: AttachedReader | undefined;
  #handing: Promise<boolean> | undefined;
  #running = false;

  constructor(options: MemoryQueueOptions) {
    this.#options = options;
  }

  /** False when it is full and refuses. */
  push(message: Uint8Array): boolean {
    const { maxBytes, overflow } = this.#options;
    if (overflow === 'refuse' && this.#messages.length > 0 && this.#bytes + message.length > maxBytes) return false;
    this.#messages.push(message);
    this.#bytes += message.length;
    while (this.#bytes > maxBytes && this.#messages.length > this.#handedOut + 1) this.#remove(this.#handedOut, 1);
    this.#wake();
    return true;
  }

  attach(reader: MemoryQueueReader): Subscription {
    const attached = { ...reader, stopping: new AbortController() };
    this.#readers.push(attached);
    this.#wake();
    return { cancel: () => this.#detach(attached) };
  }

  /** Takes out what nobody has in their hands. */
  clear(): readonly Uint8Array[] {
    return this.#remove(this.#handedOut, this.#messages.length);
  }

  async #detach(reader: AttachedReader): Promise<void> {
    const at = this.#readers.indexOf(reader);
    if (at !== -1) this.#readers.splice(at, 1);
    reader.stopping.abort();
    if (this.#holder === reader) await this.#handing;
  }

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    let failures = 0;
    for (let reader = this.#readers[0]; reader !== undefined && this.#messages.length > 0; reader = this.#readers[0]) {
      this.#holder = reader;
      this.#handing = this.#handOut(reader);
      failures = (await this.#handing) ? 0 : failures + 1;
      this.#holder = undefined;
      if (failures > 0) await pauseAfter(failures, reader.stopping.signal);
    }
    this.#running = false;
  }

  async #handOut(reader: MemoryQueueReader): Promise<boolean> {
    const messages = this.#messages.slice(0, reader.prefetch);
    this.#handedOut = messages.length;
    try {
      await reader.take(messages);
      this.#remove(0, messages.length);
      return true;
    } catch {
      return false;
    } finally {
      this.#handedOut = 0;
    }
  }

  #remove(start: number, count: number): readonly Uint8Array[] {
    const removed = this.#messages.splice(start, count);
    for (const message of removed) this.#bytes -= message.length;
    return removed;
  }
}

async function pauseAfter(failures: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
