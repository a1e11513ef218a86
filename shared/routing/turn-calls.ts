import { ChatError } from '../errors/chat-error.js';
import { BatchGap, type GapLaw } from './batch-gap.js';
import { TurnBatcher } from './turn-batcher.js';

export interface TurnCallsOptions<Item, Answer> {
  /** One call for all of them, and the answers in their order. What it rejects with, each of them rejects with. */
  readonly call: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly maxItems: number;
  /** Calls under way at a time; default 1. More where one that hangs should not hold up all others. */
  readonly concurrency?: number;
  /** Bound of what waits for its call. */
  readonly maxWaiting: number;
  /** How far apart calls begin, by how much is asked for: fewer and larger ones (ADR 6). Default not at all. */
  readonly gap?: GapLaw;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const RETRY_AFTER_MS = 1_000;

/** One call for what is asked in one turn, and for what comes while as many as may be are under way the next one: {@link TurnBatcher} with a promise for each. */
export class TurnCalls<Item, Answer> {
  readonly #options: TurnCallsOptions<Item, Answer>;
  readonly #batcher: TurnBatcher<Waiting<Item, Answer>>;
  readonly #gap: BatchGap | undefined;

  constructor(options: TurnCallsOptions<Item, Answer>) {
    this.#options = options;
    const unsized = { maxSize: Infinity, sizeOf: () => 0, maxWaitingSize: Infinity };
    const { concurrency = 1, maxItems, maxWaiting } = options;
    const gap = options.gap === undefined ? undefined : new BatchGap(options.gap);
    this.#gap = gap;
    this.#batcher = new TurnBatcher({
      ...unsized,
      flush: (batch) => this.#flush(batch),
      concurrency,
      maxItems,
      maxWaitingItems: maxWaiting,
      ...(gap === undefined ? {} : { gapMs: () => gap.ms }),
    });
  }

  /** Rejects as the call does, or with OVERLOADED when too many wait. */
  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const taken = this.#batcher.add({ item, resolve, reject });
      if (!taken) reject(new ChatError('OVERLOADED', { details: { retryAfterMs: RETRY_AFTER_MS } }));
    });
  }

  async #flush(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    this.#gap?.note(batch.length);
    try {
      const answers = await this.#options.call(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
