import { ReceiptDesk } from '../../server/chat/receipt-desk.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import type { ChannelId, EventId, UserId } from '../../shared/domain/ids.js';
import { isSameProgress, mergeProgress, NO_PROGRESS } from '../../shared/domain/receipts.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { ErrorCode } from '../../shared/errors/codes.js';
import type { ChannelReceipt } from '../../shared/ports/index.js';
import type { ReceiptsFrame } from '../../shared/protocol/frames.js';
import type { Outgoing } from '../../shared/routing/fan-out.js';
import type { ChannelMembers } from '../../shared/routing/routing-caches.js';
import { FakeClock } from './fake-clock.js';
import { SilentLogger } from './silent-logger.js';

/** A receipt desk whose time passes when the test says so, whose store can fail, and that shows what it tells to whom. */
export class ReceiptDeskWorld {
  readonly clock = new FakeClock();
  readonly metrics = createMetrics({});
  /** Each call of the store. */
  readonly writes: (readonly ChannelReceipt[])[] = [];
  readonly told: { readonly to: readonly UserId[]; readonly frame: ReceiptsFrame; readonly atMs: number }[] = [];
  readonly answered: ReceiptsFrame[] = [];
  failure: ErrorCode | undefined;
  onStored: () => void = () => undefined;
  readonly desk: ReceiptDesk;
  readonly #members = new Map<ChannelId, readonly UserId[]>();
  readonly #stored = new Map<string, ChannelReceipt>();
  readonly #startedAt = this.clock.now();

  constructor() {
    let known = new Map<ChannelId, readonly UserId[]>();
    this.desk = new ReceiptDesk({
      receipts: { advance: (receipts) => this.#advance(receipts) },
      caches: {
        refresh: () => {
          known = new Map(this.#members);
          return Promise.resolve();
        },
        members: { getMany: (ids) => Promise.resolve(ids.map((id) => toMembers(known.get(id) ?? []))) },
      },
      fanOut: { send: (outgoing) => this.#tell(outgoing) },
      clock: { now: this.clock.now, monotonic: this.clock.now },
      logger: new SilentLogger(),
      metrics: this.metrics,
      after: (ms, run) => {
        const timer = this.clock.timers.setTimeout(run, ms);
        return () => this.clock.timers.clearTimeout(timer);
      },
    });
  }

  setMembers(channelId: ChannelId, userIds: readonly UserId[]): void {
    this.#members.set(channelId, userIds);
  }

  give(userId: UserId, channelId: ChannelId, progress: { readonly delivered?: EventId; readonly read?: EventId }): void {
    const push = (bytes: Uint8Array): unknown => this.answered.push(JSON.parse(Buffer.from(bytes).toString()) as ReceiptsFrame);
    this.desk.take({ userId, teller: { push } }, { type: 'receipt', channelId, ...progress });
  }

  /** Of `warren_receipts_total`. */
  async count(outcome: string): Promise<number> {
    const line = (await this.metrics.render())
      .split('\n')
      .find((text) => text.startsWith('warren_receipts_total') && text.includes(outcome));
    return Number(line?.split(' ').at(-1) ?? Number.NaN);
  }

  #advance(receipts: readonly ChannelReceipt[]): Promise<readonly (ChannelReceipt & { readonly moved: boolean })[]> {
    if (this.failure !== undefined) return Promise.reject(new ChatError(this.failure));
    this.writes.push(receipts);
    this.onStored();
    return Promise.resolve(
      receipts.map((receipt) => {
        const key = receipt.channelId + receipt.userId;
        const before = this.#stored.get(key) ?? NO_PROGRESS;
        const after = { ...receipt, ...mergeProgress(before, receipt) };
        this.#stored.set(key, after);
        return { ...after, moved: !isSameProgress(before, after) };
      }),
    );
  }

  #tell({ userIds, payload }: Outgoing): undefined {
    const frame = JSON.parse(Buffer.from(payload).toString()) as ReceiptsFrame;
    this.told.push({ to: userIds, frame, atMs: this.clock.now() - this.#startedAt });
    return undefined;
  }
}

function toMembers(userIds: readonly UserId[]): ChannelMembers {
  return { userIds, has: (userId) => userIds.includes(userId) };
}
