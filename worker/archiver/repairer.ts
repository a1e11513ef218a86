import { setTimeout as delay } from 'node:timers/promises';
import { targetOf, type ChatEvent } from '../../shared/domain/events.js';
import { idTime } from '../../shared/domain/ids.js';
import type { Message } from '../../shared/domain/model.js';
import { toChatError } from '../../shared/errors/chat-error.js';
import type { ApplyResult, Clock, Counter, Logger, MessageStore, Metrics, RecentWindow } from '../../shared/ports/index.js';
import type { EventDraft } from '../../shared/routing/event-draft.js';
import type { EventPipeline } from '../../shared/routing/event-pipeline.js';
import { draftRepair, draftVoid } from './repair.js';

export interface RepairerDeps {
  readonly messages: MessageStore;
  readonly window: RecentWindow;
  readonly pipeline: EventPipeline;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A server appends to the window right after the broker's confirm; an event that is not there yet gets this long. */
const APPEND_GRACE_MS = 3_000;
const RECHECK_MS = [20, 100, 400, 1_000, 1_500];
const REPAIRS_AT_ONCE = 50;
const EVENTS_PER_LOOK = 1_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/**
 * What the devices have to be told about stored events: those that their server did not append (it died, or Redis came back empty)
 * travel again under a new event id, and a message that turned out to be stored under another id is voided. Every step is idempotent, and
 * is tried for as long as it takes: what was not told to the devices must not be forgotten.
 */
export class Repairer {
  readonly #deps: RepairerDeps;
  readonly #count: Record<'repaired' | 'voided', Counter>;
  readonly #stopping = new AbortController();

  constructor(deps: RepairerDeps) {
    this.#deps = deps;
    this.#count = {
      repaired: deps.metrics.counter('warren_archive_repaired_total', 'Events that had not been routed and travelled again'),
      voided: deps.metrics.counter('warren_archive_voided_total', 'Second copies of a message'),
    };
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Tries until it succeeds. Rejects when the repairer stops. */
  async insist(task: () => Promise<void>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      this.#stopping.signal.throwIfAborted();
      try {
        await task();
        return;
      } catch (error) {
        this.#deps.logger.warn({ attempt, error }, 'events were not put right, trying again');
        await this.#pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
      }
    }
  }

  async voidCopies(result: ApplyResult): Promise<void> {
    for (const { event, winnerId } of result.conflicts) {
      this.#deps.logger.info({ channelId: event.channelId, messageId: targetOf(event), winnerId }, 'voiding the second copy of a message');
      await this.#submit(draftVoid(event, winnerId));
      this.#count.voided.inc();
    }
  }

  /** Sends again what the window does not hold. */
  async repair(events: readonly ChatEvent[]): Promise<void> {
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

  /** The events that the window does not hold, after those that may still come had their time. */
  async #findMissing(events: readonly ChatEvent[]): Promise<readonly ChatEvent[]> {
    let missing = await this.#notHeld(events);
    for (const ms of RECHECK_MS) {
      const oldest = this.#deps.clock.now() - APPEND_GRACE_MS;
      if (!missing.some((event) => idTime(event.id) > oldest)) break;
      await this.#pause(ms);
      missing = await this.#notHeld(missing);
    }
    return missing;
  }

  async #notHeld(events: readonly ChatEvent[]): Promise<readonly ChatEvent[]> {
    const missing: ChatEvent[] = [];
    for (let start = 0; start < events.length; start += EVENTS_PER_LOOK) {
      const part = events.slice(start, start + EVENTS_PER_LOOK);
      const held = await this.#deps.window.holds(part);
      missing.push(...part.filter((_, i) => held[i] !== true));
    }
    return missing;
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

  /** Rejects as soon as the repairer stops. */
  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#stopping.signal });
  }
}

/** The message is gone, and devices are told so by another event. */
function isOverruled(event: ChatEvent, message: Message): boolean {
  if (message.voided) return event.type !== 'void';
  return message.deleted && (event.type === 'edit' || event.type === 'reaction');
}
