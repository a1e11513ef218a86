import { setTimeout as delay } from 'node:timers/promises';
import { targetOf, type ChatEvent } from '../../shared/domain/events.js';
import type { Message } from '../../shared/domain/model.js';
import { idTime } from '../../shared/domain/ids.js';
import { toChatError } from '../../shared/errors/chat-error.js';
import { splitEvents, type Barrier } from '../../shared/protocol/event-batch.js';
import type {
  ApplyResult,
  BusConsumer,
  Clock,
  Counter,
  Logger,
  MessageStore,
  Metrics,
  RecentWindow,
  Subscription,
} from '../../shared/ports/index.js';
import type { EventDraft } from '../../shared/routing/event-draft.js';
import type { EventPipeline } from '../../shared/routing/event-pipeline.js';
import type { Service } from '../../shared/runtime/service.js';
import { draftRepair, draftVoid } from './repair.js';

export interface ArchiverDeps {
  readonly consumer: Pick<BusConsumer, 'consumeCommits'>;
  readonly messages: MessageStore;
  readonly window: RecentWindow;
  readonly pipeline: EventPipeline;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly prefetch: number;
}

interface Decoded {
  readonly events: readonly ChatEvent[];
  /** Of the barriers among them. */
  readonly epochs: readonly string[];
  readonly poison: readonly number[];
}

/** A server appends to the window right after the broker's confirm; an event that is not there yet gets this long. */
const APPEND_GRACE_MS = 3_000;
const RECHECK_MS = [20, 100, 400, 1_000, 1_500];
const REPAIRS_AT_ONCE = 50;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

type CommitHandler = Parameters<BusConsumer['consumeCommits']>[0]['onBatches'];

/**
 * persist queue → message store, in bulk; the acknowledgement follows once everything is put right, while the next batches are
 * stored already. It sees every committed event, so it also repairs:
 * what its server did not append (it died, or Redis came back empty) travels again under a new event id, and a message that
 * turns out to be stored under another id is voided. Every step is idempotent: a batch may come again at any time.
 */
export class Archiver implements Service {
  readonly name = 'archiver';
  readonly #deps: ArchiverDeps;
  readonly #count: Record<'stored' | 'repaired' | 'voided' | 'orphaned' | 'poison', Counter>;
  readonly #stopping = new AbortController();
  #subscription: Subscription | undefined;

  constructor(deps: ArchiverDeps) {
    this.#deps = deps;
    const counter = (name: string, help: string): Counter => deps.metrics.counter(`warren_archive_${name}_total`, help);
    this.#count = {
      stored: counter('stored', 'Events written to the message store'),
      repaired: counter('repaired', 'Events that had not been routed and travelled again'),
      voided: counter('voided', 'Second copies of a message'),
      orphaned: counter('orphaned', 'Events about a message that is not stored'),
      poison: counter('poison', 'Batches that cannot be read; they are in the dead-letter queue'),
    };
  }

  async start(): Promise<void> {
    const { consumer, prefetch } = this.#deps;
    this.#subscription = await consumer.consumeCommits({ prefetch, onBatches: (partition, batches) => this.#archive(partition, batches) });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#subscription?.cancel();
    this.#subscription = undefined;
  }

  async #archive(partition: number, batches: readonly Uint8Array[]): ReturnType<CommitHandler> {
    const { events, epochs, poison } = this.#decode(partition, batches);
    const result = await this.#deps.messages.apply(events);
    for (const epoch of epochs) await this.#deps.window.markWhole(partition, epoch);
    this.#count.stored.inc(events.length);
    this.#reportOrphans(partition, result);
    return { poison, settled: this.#putRight(events, result) };
  }

  /** Tries for as long as it takes: what was not told to the devices must not be forgotten. Rejects when the archiver stops. */
  async #putRight(events: readonly ChatEvent[], result: ApplyResult): Promise<void> {
    const losers = new Set(result.conflicts.map((conflict) => targetOf(conflict.event)));
    const winners = events.filter((event) => !losers.has(targetOf(event)));
    for (let attempt = 0; ; attempt++) {
      this.#stopping.signal.throwIfAborted();
      try {
        await this.#void(result);
        await this.#repair(winners);
        return;
      } catch (error) {
        this.#deps.logger.warn({ attempt, events: events.length, error }, 'events were not put right, trying again');
        await pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt), this.#stopping.signal);
      }
    }
  }

  #decode(partition: number, batches: readonly Uint8Array[]): Decoded {
    const events: ChatEvent[] = [];
    const epochs: string[] = [];
    const poison: number[] = [];
    batches.forEach((batch, i) => {
      try {
        const items = splitEvents(batch).map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as ChatEvent | Barrier);
        for (const item of items) {
          if (item.type === 'barrier') epochs.push(item.epoch);
          else events.push(item);
        }
      } catch (error) {
        poison.push(i);
        this.#count.poison.inc();
        this.#deps.logger.error({ partition, bytes: batch.length, error }, 'batch cannot be read, sent to the dead-letter queue');
      }
    });
    return { events, epochs, poison };
  }

  #reportOrphans(partition: number, result: ApplyResult): void {
    if (result.orphans.length === 0) return;
    this.#count.orphaned.inc(result.orphans.length);
    this.#deps.logger.warn(
      { partition, eventIds: result.orphans.slice(0, 20).map((event) => event.id) },
      'events about messages that are not stored',
    );
  }

  async #void(result: ApplyResult): Promise<void> {
    for (const { event, winnerId } of result.conflicts) {
      this.#deps.logger.info({ channelId: event.channelId, messageId: targetOf(event), winnerId }, 'voiding the second copy of a message');
      await this.#submit(draftVoid(event, winnerId));
      this.#count.voided.inc();
    }
  }

  async #repair(events: readonly ChatEvent[]): Promise<void> {
    const missing = await this.#findMissing(events);
    for (let start = 0; start < missing.length; start += REPAIRS_AT_ONCE) {
      await Promise.all(missing.slice(start, start + REPAIRS_AT_ONCE).map((event) => this.#repairOne(event)));
    }
  }

  async #repairOne(event: ChatEvent): Promise<void> {
    const [message] = await this.#deps.messages.getMany(event.channelId, [targetOf(event)]);
    if (message === undefined || isOverruled(event, message)) return;
    this.#deps.logger.info({ channelId: event.channelId, eventId: event.id }, 'event was not in the recent window, sending it again');
    await this.#submit(draftRepair(event, message));
    this.#count.repaired.inc();
  }

  /** Tells the window what is stored; the events that it does not hold, after those that may still come had their time. */
  async #findMissing(events: readonly ChatEvent[]): Promise<readonly ChatEvent[]> {
    let missing = await this.#markArchived(events);
    for (const ms of RECHECK_MS) {
      const oldest = this.#deps.clock.now() - APPEND_GRACE_MS;
      if (!missing.some((event) => idTime(event.id) > oldest)) break;
      await pause(ms, this.#stopping.signal);
      missing = await this.#markArchived(missing);
    }
    return missing;
  }

  async #markArchived(events: readonly ChatEvent[]): Promise<readonly ChatEvent[]> {
    if (events.length === 0) return [];
    const held = await this.#deps.window.markArchived(events.map(({ channelId, id }) => ({ channelId, id })));
    return events.filter((_, i) => held[i] !== true);
  }

  /** A full queue must not keep its own archiver from emptying it: that event is left to the devices' sync. */
  async #submit(draft: EventDraft): Promise<void> {
    try {
      await this.#deps.pipeline.submit(draft);
    } catch (error) {
      if (toChatError(error).code !== 'OVERLOADED') throw error;
      this.#deps.logger.warn({ channelId: draft.channelId, messageId: draft.about ?? draft.again }, 'repair skipped, queue is full');
    }
  }
}

/** The message is gone, and devices are told so by another event. */
function isOverruled(event: ChatEvent, message: Message): boolean {
  if (message.voided) return event.type !== 'void';
  return message.deleted && (event.type === 'edit' || event.type === 'reaction');
}

/** Resolves after the time. Rejects as soon as the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal });
}
