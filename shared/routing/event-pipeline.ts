import type { ChannelId, EventId, IdClock } from '../domain/ids.js';
import { ChatError, toChatError } from '../errors/chat-error.js';
import { encodeBatchHead } from '../protocol/event-batch.js';
import { joinLines } from '../protocol/lines.js';
import { WorkBytes } from '../protocol/work-bytes.js';
import type { BusPublisher, Counter, Gauge, Histogram, MessageStore, Metrics, RecentWindow, Reserved, Sequencer } from '../ports/index.js';
import { AppendNotes } from './append-notes.js';
import { BatchGap, EVENT_GAP } from './batch-gap.js';
import { ChannelLanes } from './channel-lanes.js';
import { ChannelSeeder } from './channel-seeder.js';
import { createdAtOf, type Committed, type EventDraft } from './event-draft.js';
import { EventRouter } from './event-router.js';
import type { FanOut } from './fan-out.js';
import { partitionOf } from './partition.js';
import type { ChannelMembers, RoutingCaches } from './routing-caches.js';
import { committedOf, groupByEpoch, Job, rejectAll, toReservation, type CommitListener } from './pipeline-job.js';
import { ResendLanes } from './resend-lanes.js';
import { findDuplicate } from './stored-duplicate.js';
import { TurnBatcher } from './turn-batcher.js';

export interface EventPipelineDeps {
  readonly sequencer: Sequencer;
  readonly window: RecentWindow;
  readonly messages: MessageStore;
  readonly publisher: Pick<BusPublisher, 'commit' | 'accepting'>;
  readonly caches: RoutingCaches;
  readonly fanOut: FanOut;
  readonly ids: IdClock;
  readonly metrics: Metrics;
  readonly partitions: number;
}

/** Events between `submit` and their answer, in this process; beyond it new ones are refused with OVERLOADED. */
const MAX_PENDING = 20_000;
const MAX_PENDING_BYTES = 128 * 1024 * 1024;
const MAX_TRIES = 8;
/** Events under way in this process, below which nothing waits: who is nearly alone gets answers as soon as they can be. */
const FEW = 8;
const COMMIT_BUCKETS_S = [0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/**
 * reserve → commit → append → answer → route, in batches that clock themselves:
 *
 * ```
 * submit ─ reserve (sequencer, one script per turn; then the invalidation log)   ─▶ UNAVAILABLE, FORBIDDEN
 *            ├ duplicate: durable already? answer the same id : commit it again
 *            └ behind or unknown: move the clock, try again
 *        ─ commit  (one confirmed publish per partition and turn)                  ─▶ UNAVAILABLE, OVERLOADED
 *        ─ append  (recent window; then the invalidation log)                      ─▶ UNAVAILABLE
 *        ─ answer the sender, fan out to the members' servers
 * ```
 * A rejection means "not known": repeat the draft with the same clientId and `resend`.
 */
export class EventPipeline {
  readonly #deps: EventPipelineDeps;
  readonly #seeder: ChannelSeeder;
  readonly #pending = new Map<string, Job>();
  #pendingBytes = 0;
  readonly #lanes: ResendLanes;
  readonly #metrics: { readonly pending: Gauge; readonly committed: Counter; readonly commitSeconds: Histogram };
  /** By channel: jobs that wait until the sequencer knows it. */
  readonly #seeding = new Map<ChannelId, Job[]>();
  readonly #reserving: TurnBatcher<Job>;
  /** Between reservations. */
  readonly #gap = new BatchGap(EVENT_GAP);
  readonly #committing: readonly TurnBatcher<Job>[];
  readonly #notes: readonly AppendNotes[];
  readonly #batchBytes = new WorkBytes();
  readonly #authorizing = new ChannelLanes();
  readonly #router: EventRouter;

  constructor(deps: EventPipelineDeps) {
    this.#deps = deps;
    this.#seeder = new ChannelSeeder(deps);
    this.#router = new EventRouter(deps);
    this.#lanes = new ResendLanes(deps, (job) => this.#enqueue(this.#reserving, job));
    this.#reserving = createBatcher(
      (jobs) => this.#reserve(jobs),
      () => (this.#pending.size < FEW ? 0 : this.#gap.ms),
    );
    this.#notes = Array.from({ length: deps.partitions }, () => new AppendNotes(deps.ids.next()));
    this.#committing = Array.from({ length: deps.partitions }, (_, partition) => createBatcher((jobs) => this.#commit(partition, jobs)));
    this.#metrics = {
      pending: deps.metrics.gauge('warren_pipeline_pending', 'Events between submit and answer'),
      committed: deps.metrics.counter('warren_events_committed_total', 'Events that are durable and acknowledged'),
      commitSeconds: deps.metrics.histogram('warren_commit_seconds', 'From publish to confirm, per batch', COMMIT_BUCKETS_S),
    };
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** As `start`, for who can wait. Rejects with ChatError. */
  submit(draft: EventDraft): Promise<Committed> {
    return new Promise((resolve, reject) => {
      this.start(draft, { committed: resolve, failed: reject });
    });
  }

  /** Puts a draft on its way; the listener may be called at once. The same (channel, sender, clientId) at the same time is one event. */
  start(draft: EventDraft, listener: CommitListener): void {
    const key = `${draft.channelId}:${draft.senderId}:${draft.clientId}`;
    const running = this.#pending.get(key);
    if (running !== undefined) {
      running.addListener(listener);
      return;
    }
    if (this.#isFull(draft.size)) {
      listener.failed(new ChatError('OVERLOADED', { details: { retryAfterMs: 500 } }));
      return;
    }
    const job = new Job(key, draft, { listener, onSettled: this.#settle });
    // Asked for twice more, after the reservation and after the append.
    job.members = this.#deps.caches.members.find(draft.channelId);
    this.#pendingBytes += draft.size;
    this.#pending.set(key, job);
    this.#lanes.enter(job);
  }

  readonly #settle = (job: Job): void => {
    this.#pending.delete(job.key);
    this.#pendingBytes -= job.draft.size;
  };

  /** A single event larger than the bound is taken when nothing else is there. */
  #isFull(size: number): boolean {
    return this.#pending.size >= MAX_PENDING || (this.#pending.size > 0 && this.#pendingBytes + size > MAX_PENDING_BYTES);
  }

  #enqueue(stage: TurnBatcher<Job>, job: Job): void {
    if (!stage.add(job)) job.reject(new ChatError('OVERLOADED', { details: { retryAfterMs: 500 } }));
  }

  async #reserve(batch: Job[]): Promise<void> {
    const { ids, sequencer, caches, publisher } = this.#deps;
    const { epoch } = this.#deps.window;
    // An id that is reserved and not committed is a hole in the chain, which every device of the channel asks about.
    if (!publisher.accepting) {
      rejectAll(batch, new ChatError('UNAVAILABLE', { details: { reason: 'the broker takes no messages' } }));
      return;
    }
    const jobs = batch.filter((job) => !this.#waitForSeeding(job));
    this.#metrics.pending.set(this.#pending.size);
    this.#gap.note(jobs.length);
    for (const job of jobs) {
      job.proposed = ids.next() as EventId;
      job.epoch = epoch;
    }
    try {
      // Issued together and in this order on one connection: the log is read after the reservation.
      const reserving = sequencer.reserve(jobs.map(toReservation));
      const [outcomes] = await Promise.all([reserving, caches.refresh()]);
      this.#sortOut(jobs, outcomes);
    } catch (error) {
      rejectAll(jobs, error);
    }
  }

  #sortOut(jobs: readonly Job[], outcomes: readonly Reserved[]): void {
    const retries: Job[] = [];
    jobs.forEach((job, i) => {
      const outcome = outcomes[i] as Reserved;
      if (outcome.status === 'reserved') this.#authorize(job, { id: job.proposed, prev: outcome.prev });
      else if (outcome.status === 'duplicate') this.#resolveDuplicate(job, outcome);
      else if (++job.tries > MAX_TRIES) job.reject(new ChatError('UNAVAILABLE', { details: { reason: 'no id' } }));
      else if (outcome.status === 'unknown') this.#retryAfterSeeding(job);
      else {
        this.#deps.ids.observe(outcome.latest);
        retries.push(job);
      }
    });
    if (retries.length > 0) this.#reserving.addFirst(retries);
  }

  /** True when the job's channel is being seeded: it is reserved with those before it, in their order. */
  #waitForSeeding(job: Job): boolean {
    const waiting = this.#seeding.get(job.draft.channelId);
    waiting?.push(job);
    return waiting !== undefined;
  }

  #retryAfterSeeding(job: Job): void {
    const { channelId } = job.draft;
    if (this.#waitForSeeding(job)) return;
    const waiting = [job];
    this.#seeding.set(channelId, waiting);
    this.#seeder.seed(channelId).then(
      () => {
        this.#seeding.delete(channelId);
        this.#reserving.addFirst(waiting);
      },
      (error: unknown) => {
        this.#seeding.delete(channelId);
        rejectAll(waiting, error);
      },
    );
  }

  #resolveDuplicate(job: Job, outcome: Reserved & { readonly status: 'duplicate' }): void {
    findDuplicate(this.#deps, job.draft, outcome.id).then(
      (found) => {
        if (found !== undefined) job.resolve(found);
        else if (outcome.latest === outcome.id) this.#authorize(job, { id: outcome.id, prev: outcome.prev });
        else {
          job.again = outcome.id;
          this.#enqueue(this.#reserving, job);
        }
      },
      (error: unknown) => job.reject(toChatError(error)),
    );
  }

  #authorize(job: Job, reserved: { readonly id: EventId; readonly prev: EventId }): void {
    const { channelId, author } = job.draft;
    if (author === 'system') {
      this.#enqueueCommit(job, reserved);
      return;
    }
    const known = this.#deps.caches.membersNow(channelId, job.members);
    if (known !== undefined && !this.#authorizing.isBusy(channelId)) this.#checkMember(job, reserved, known);
    else this.#authorizeAfterLookup(job, reserved);
  }

  #authorizeAfterLookup(job: Job, reserved: { readonly id: EventId; readonly prev: EventId }): void {
    const { channelId } = job.draft;
    this.#authorizing.enter(channelId, () =>
      this.#deps.caches.members.get(channelId).then(
        (members) => this.#checkMember(job, reserved, members),
        (error: unknown) => job.reject(toChatError(error)),
      ),
    );
  }

  #checkMember(job: Job, reserved: { readonly id: EventId; readonly prev: EventId }, members: ChannelMembers): void {
    if (members.has(job.draft.senderId)) this.#enqueueCommit(job, reserved);
    else job.reject(new ChatError('FORBIDDEN', { details: { reason: 'not a member of the channel' } }));
  }

  #enqueueCommit(job: Job, reserved: { readonly id: EventId; readonly prev: EventId }): void {
    const { draft } = job;
    const { id, prev } = reserved;
    const travelsAgain = job.again !== undefined && draft.about === undefined;
    const messageId = draft.about ?? job.again ?? id;
    const createdAt = createdAtOf(travelsAgain ? messageId : id);
    const { channelId, senderId, clientId } = draft;
    const head = { id, prev, channelId, senderId, clientId, createdAt };
    job.bytes = Buffer.from(draft.encode(travelsAgain ? { ...head, messageId } : head));
    job.committed = { id, messageId, prev, createdAt };
    this.#deps.metrics.flight.noteIn('reserved', job.bytes);
    this.#enqueue(this.#committing[partitionOf(channelId, this.#deps.partitions)] as TurnBatcher<Job>, job);
  }

  async #commit(partition: number, jobs: Job[]): Promise<void> {
    const notes = this.#notes[partition] as AppendNotes;
    const head = notes.takeHead();
    const lines = [encodeBatchHead(head), ...jobs.map((job) => job.bytes)];
    const started = performance.now();
    try {
      await this.#deps.publisher.commit(partition, joinLines(lines, this.#batchBytes));
      this.#metrics.commitSeconds.observe((performance.now() - started) / 1000);
    } catch (error) {
      notes.giveBack(head);
      rejectAll(jobs, error);
      return;
    }
    for (const { bytes } of jobs) this.#deps.metrics.flight.noteIn('committed', bytes);
    // The next batch of the partition is published meanwhile; answers keep their order all the same.
    const appends = [...groupByEpoch(jobs)].map(([epoch, part]) => this.#append(part, epoch));
    Promise.all(appends).then(
      () => notes.add(head.number),
      () => undefined,
    );
  }

  async #append(jobs: readonly Job[], epoch: string): Promise<void> {
    const { window, caches } = this.#deps;
    const entries = jobs.map((job) => ({ channelId: job.draft.channelId, id: committedOf(job).id, bytes: job.bytes }));
    try {
      await Promise.all([window.append(entries, { epoch }), caches.refresh()]);
    } catch (error) {
      rejectAll(jobs, error);
      throw error;
    }
    this.#finish(jobs);
  }

  #finish(jobs: readonly Job[]): void {
    this.#metrics.committed.inc(jobs.length);
    for (const { bytes } of jobs) this.#deps.metrics.flight.noteIn('answered', bytes);
    for (const job of jobs) job.resolve(committedOf(job));
    for (const { draft, members, bytes } of jobs)
      this.#router.route({ channelId: draft.channelId, originSession: draft.originSession, members, bytes });
  }
}

function createBatcher(flush: (jobs: Job[]) => Promise<void>, gapMs?: () => number): TurnBatcher<Job> {
  const bounds = { maxWaitingItems: MAX_PENDING, maxWaitingSize: MAX_PENDING_BYTES, ...(gapMs === undefined ? {} : { gapMs }) };
  return new TurnBatcher({ flush, concurrency: 1, maxItems: 500, maxSize: 256 * 1024, sizeOf: (job) => job.draft.size, ...bounds });
}
