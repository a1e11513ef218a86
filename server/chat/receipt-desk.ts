import { idTime, NO_EVENT, type ChannelId, type EventId, type UserId } from '../../shared/domain/ids.js';
import { toChatError } from '../../shared/errors/chat-error.js';
import type { Receipt } from '../../shared/domain/model.js';
import type { Clock, Counter, Gauge, Logger, Metrics, ReceiptStore } from '../../shared/ports/index.js';
import type { ReceiptFrame, ReceiptsFrame } from '../../shared/protocol/frames.js';
import { LIMITS } from '../../shared/protocol/limits.js';
import type { FanOut } from '../../shared/routing/fan-out.js';
import type { ChannelMembers, RoutingCaches } from '../../shared/routing/routing-caches.js';
import { SendBudget } from './send-budget.js';
import { WaitingReceipts, type Teller, type WaitingReceipt } from './waiting-receipts.js';

export interface ReceiptDeskDeps {
  readonly receipts: Pick<ReceiptStore, 'advance'>;
  readonly caches: Pick<RoutingCaches, 'refresh'> & { readonly members: Pick<RoutingCaches['members'], 'getMany'> };
  readonly fanOut: Pick<FanOut, 'send'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Runs once after so many ms; returns how to cancel it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

type Stored = Awaited<ReturnType<ReceiptStore['advance']>>[number];
type Outcome = 'moved' | 'unchanged' | 'refused' | 'dropped';

const BATCH = 500;
/** Between two transactions: SQLite has one writer, and others write people and channels. */
const PAUSE_MS = 50;
/** Before a batch is tried again that could not be stored. */
const RETRY_MS = 1_000;
const LAST_TRIES = 2;

/**
 * Receipts of this server's sessions: gathered, stored, then told, in batches with one under way. What is told is stored, and what does not
 * move anything is told to nobody but the session that said it. A service of the process. Nothing of a message waits for this (docs/adr/0012-receipts.md).
 */
export class ReceiptDesk {
  readonly name = 'receipt desk';
  readonly #deps: ReceiptDeskDeps;
  readonly #waiting = new WaitingReceipts();
  readonly #budget = new SendBudget(LIMITS.receiptsPerSecond);
  readonly #counters: Readonly<Record<Outcome, Counter>>;
  readonly #gauge: Gauge;
  #flight: Promise<void> | undefined;
  #cancel: () => void = () => undefined;
  #armedFor = Infinity;
  #pausedUntil = 0;
  #stopped = false;

  constructor(deps: ReceiptDeskDeps) {
    this.#deps = deps;
    const counter = (outcome: Outcome): Counter =>
      deps.metrics.counter('warren_receipts_total', 'Receipts by what became of them', { outcome });
    const [moved, unchanged, refused, dropped] = [counter('moved'), counter('unchanged'), counter('refused'), counter('dropped')];
    this.#counters = { moved, unchanged, refused, dropped };
    this.#gauge = deps.metrics.gauge('warren_receipts_waiting', 'Receipts that are not stored yet');
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  /** What waits is stored and told, if the store is there. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#flight;
    for (let tries = 0; this.#waiting.size > 0 && tries < LAST_TRIES; tries++) await this.#settleAll();
  }

  /** A position that cannot be one yet is ignored: nothing may stand where nobody has been. */
  take(who: { readonly userId: UserId; readonly teller: Teller }, frame: ReceiptFrame): void {
    const { channelId, delivered = NO_EVENT, read = NO_EVENT } = frame;
    if (this.#isFuture(delivered) || this.#isFuture(read)) {
      this.#counters.refused.inc();
      return;
    }
    const due = this.#waiting.add({ ...who, channelId, delivered, read }, this.#now());
    this.#gauge.set(this.#waiting.size);
    if (due === undefined) this.#counters.dropped.inc();
    else this.#arm(due);
  }

  #isFuture(id: EventId): boolean {
    return id !== NO_EVENT && idTime(id) > this.#deps.clock.now() + LIMITS.receiptAheadMs;
  }

  #arm(due: number): void {
    const at = Math.max(due, this.#pausedUntil);
    if (this.#flight !== undefined || this.#stopped || at >= this.#armedFor) return;
    this.#cancel();
    this.#armedFor = at;
    this.#cancel = this.#deps.after(Math.max(0, at - this.#now()), () => this.#launch());
  }

  #launch(): void {
    this.#armedFor = Infinity;
    const batch = this.#waiting.takeDue(this.#now(), { limit: BATCH, isAllowed: (userId) => this.#isAllowed(userId) });
    this.#flight = this.#settle(batch).then((stored) => {
      this.#flight = undefined;
      this.#pausedUntil = this.#now() + (stored ? PAUSE_MS : RETRY_MS);
      this.#arm(this.#waiting.nextDue);
    });
  }

  #isAllowed(userId: UserId): boolean {
    try {
      this.#budget.take(userId, this.#now());
      return true;
    } catch {
      return false;
    }
  }

  async #settleAll(): Promise<void> {
    const batch = this.#waiting.takeDue(Infinity, { limit: Infinity, isAllowed: () => true });
    for (let start = 0; start < batch.length; start += BATCH) await this.#settle(batch.slice(start, start + BATCH));
  }

  /** False when the batch waits again. */
  async #settle(batch: readonly WaitingReceipt[]): Promise<boolean> {
    try {
      if (batch.length > 0) await this.#storeAndTell(batch);
      return true;
    } catch (error) {
      const { temporary } = toChatError(error);
      this.#deps.logger[temporary ? 'warn' : 'error']({ error, receipts: batch.length }, 'receipts not stored');
      for (const receipt of batch) if (!temporary || this.#waiting.add(receipt, this.#now()) === undefined) this.#counters.dropped.inc();
      return !temporary;
    } finally {
      this.#gauge.set(this.#waiting.size);
    }
  }

  async #storeAndTell(batch: readonly WaitingReceipt[]): Promise<void> {
    const members = await this.#membersOf(batch);
    const accepted = batch.filter(({ channelId, userId }) => members.get(channelId)?.has(userId) === true);
    this.#counters.refused.inc(batch.length - accepted.length);
    const stored = await this.#deps.receipts.advance(accepted.map(({ teller: _, ...receipt }) => receipt));
    accepted.forEach(({ teller }, i) => {
      const now = stored[i] as Stored;
      this.#counters[now.moved ? 'moved' : 'unchanged'].inc();
      if (!now.moved) teller.push(encodeReceipts(now.channelId, [now]));
    });
    await this.#tell(stored.filter(({ moved }) => moved));
  }

  /** Best effort: it is stored. Who has left meanwhile is neither told nor told of. */
  async #tell(moved: readonly Stored[]): Promise<void> {
    if (moved.length === 0) return;
    const members = await this.#membersOf(moved).catch(() => new Map<ChannelId, ChannelMembers>());
    for (const [channelId, receipts] of groupByChannel(moved)) {
      const channel = members.get(channelId);
      const userIds = channel?.userIds ?? [];
      this.#waiting.rest(channelId, userIds.length, this.#now());
      const present = receipts.filter(({ userId }) => channel?.has(userId) === true);
      if (present.length === 0) continue;
      void this.#deps.fanOut.send({ userIds, exceptSession: '', payload: encodeReceipts(channelId, present), durable: false });
    }
  }

  async #membersOf(receipts: readonly { readonly channelId: ChannelId }[]): Promise<ReadonlyMap<ChannelId, ChannelMembers>> {
    const channelIds = [...new Set(receipts.map(({ channelId }) => channelId))];
    await this.#deps.caches.refresh();
    const members = await this.#deps.caches.members.getMany(channelIds);
    return new Map(channelIds.map((channelId, i) => [channelId, members[i] as ChannelMembers]));
  }

  #now(): number {
    return this.#deps.clock.monotonic();
  }
}

function encodeReceipts(channelId: ChannelId, receipts: readonly Receipt[]): Uint8Array {
  const positions = receipts.map(({ userId, delivered, read }) => ({ userId, delivered, read }));
  const frame: ReceiptsFrame = { type: 'receipts', channelId, receipts: positions };
  return Buffer.from(JSON.stringify(frame));
}

function groupByChannel(receipts: readonly Stored[]): ReadonlyMap<ChannelId, readonly Stored[]> {
  const groups = new Map<ChannelId, Stored[]>();
  for (const receipt of receipts) {
    const group = groups.get(receipt.channelId);
    if (group === undefined) groups.set(receipt.channelId, [receipt]);
    else group.push(receipt);
  }
  return groups;
}
