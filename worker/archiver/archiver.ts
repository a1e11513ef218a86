import { targetOf, type ChatEvent } from '../../shared/domain/events.js';
import type { ApplyResult, ArchiveMark, BusConsumer, Counter, Subscription } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';
import { AppendWatch } from './append-watch.js';
import { marksOf } from './archive-marks.js';
import { BulkWriter } from './bulk-writer.js';
import { decodeBatch, openBatch, type BatchContent, type ComingBatch } from './decode-batches.js';
import { Repairer, type RepairerDeps } from './repairer.js';

export interface ArchiverDeps extends RepairerDeps {
  readonly consumer: Pick<BusConsumer, 'consumeCommits'>;
  readonly prefetch: number;
}

/** What a partition handed over. Nothing that outlives the write holds it: the events are read again where they are needed after it. */
interface Decoded {
  readonly batches: readonly (ComingBatch & BatchContent)[];
  /** Of all of them. */
  readonly events: readonly ChatEvent[];
  /** Which could not be read. */
  readonly poison: readonly number[];
}

type CommitHandler = Parameters<BusConsumer['consumeCommits']>[0]['onBatches'];

/**
 * persist queue → message store, in bulk. The acknowledgement follows once everything is put right, while the next batches are stored
 * already: it sees every committed event, so it also repairs (see `Repairer`). Every step is idempotent: a batch may come again at any time.
 */
export class Archiver implements Service {
  readonly name = 'archiver';
  readonly #deps: ArchiverDeps;
  readonly #writer: BulkWriter<Decoded>;
  readonly #repairer: Repairer;
  readonly #watch: AppendWatch;
  readonly #count: Record<'stored' | 'orphaned' | 'poison', Counter>;
  #subscription: Subscription | undefined;

  constructor(deps: ArchiverDeps) {
    this.#deps = deps;
    this.#writer = new BulkWriter(deps.messages);
    this.#repairer = new Repairer(deps);
    this.#watch = new AppendWatch((events) => this.#repairer.insist(() => this.#repairer.repair(events)));
    const counter = (name: string, help: string): Counter => deps.metrics.counter(`warren_archive_${name}_total`, help);
    this.#count = {
      stored: counter('stored', 'Events written to the message store'),
      orphaned: counter('orphaned', 'Events about a message that is not stored'),
      poison: counter('poison', 'Batches that cannot be read; they are in the dead-letter queue'),
    };
  }

  async start(): Promise<void> {
    const { consumer, prefetch } = this.#deps;
    this.#subscription = await consumer.consumeCommits({ prefetch, onBatches: (partition, batches) => this.#archive(partition, batches) });
  }

  async stop(): Promise<void> {
    this.#repairer.stop();
    this.#watch.stop(new Error('the archiver stops'));
    await this.#subscription?.cancel();
    this.#subscription = undefined;
  }

  async #archive(partition: number, coming: readonly Uint8Array[]): ReturnType<CommitHandler> {
    const batches = coming.map(openBatch);
    // Of batches that are stored already: they need not wait for this write as well.
    this.#takeNotes(batches);
    const { content, result } = await this.#writer.write({
      read: () => this.#decode(partition, batches),
      bytes: bytesOf(batches),
      // Half of what the broker hands out: the other half may be waiting behind it, and then no more comes.
      atOnce: coming.length * 2 >= this.#deps.prefetch,
    });
    const { events, poison } = content;
    for (const epoch of content.batches.flatMap(({ epochs }) => epochs)) await this.#deps.window.markWhole(partition, epoch);
    this.#count.stored.inc(events.length);
    for (const { id } of events) this.#deps.metrics.flight.note('stored', id);
    this.#reportOrphans(partition, result);
    return { poison, settled: this.#settle(content, result) };
  }

  /** Resolves when the devices know, or will be told, all that is in the batches. Rejects when the archiver stops. */
  #settle({ batches, events }: Decoded, result: ApplyResult): Promise<void> {
    const losers = new Set(result.conflicts.map((conflict) => targetOf(conflict.event)));
    const passing = batches
      .filter((batch) => withoutLosers(batch.events, losers).length > 0)
      .map(({ key, bytes }) => this.#watch.pass(key, () => withoutLosers(decodeBatch(bytes).events, losers)));
    this.#takeNotes(batches);
    const voiding = this.#repairer.insist(() => this.#repairer.voidCopies(result));
    return this.#markAfter([...passing, voiding], marksOf(events, bytesOf(batches)));
  }

  /** Not before: what is marked may be trimmed from the window, where it would be looked for in vain. */
  async #markAfter(settled: readonly Promise<void>[], marks: readonly ArchiveMark[]): Promise<void> {
    await Promise.all(settled);
    await this.#repairer.insist(() => this.#deps.window.markArchived(marks));
  }

  #takeNotes(batches: readonly ComingBatch[]): void {
    for (const { appended } of batches) this.#watch.note(appended);
  }

  #decode(partition: number, coming: readonly ComingBatch[]): Decoded {
    const batches: (ComingBatch & BatchContent)[] = [];
    const poison: number[] = [];
    coming.forEach((batch, i) => {
      try {
        batches.push({ ...batch, ...decodeBatch(batch.bytes) });
      } catch (error) {
        poison.push(i);
        this.#count.poison.inc();
        this.#deps.logger.error({ partition, bytes: batch.bytes.length, error }, 'batch cannot be read, sent to the dead-letter queue');
      }
    });
    return { batches, events: batches.flatMap((batch) => batch.events), poison };
  }

  #reportOrphans(partition: number, result: ApplyResult): void {
    if (result.orphans.length === 0) return;
    this.#count.orphaned.inc(result.orphans.length);
    this.#deps.logger.warn(
      { partition, eventIds: result.orphans.slice(0, 20).map((event) => event.id) },
      'events about messages that are not stored',
    );
  }
}

function bytesOf(batches: readonly ComingBatch[]): number {
  return batches.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function withoutLosers(events: readonly ChatEvent[], losers: ReadonlySet<string>): readonly ChatEvent[] {
  return losers.size === 0 ? events : events.filter((event) => !losers.has(targetOf(event)));
}
