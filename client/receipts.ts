import { NO_EVENT, type ChannelId, type EventId, type UserId } from '../shared/domain/ids.js';
import type { Receipt } from '../shared/domain/model.js';
import { isSameProgress, mergeProgress, NO_PROGRESS, type Progress } from '../shared/domain/receipts.js';
import type { ReceiptFrame } from '../shared/protocol/frames.js';
import type { Api } from './api.js';
import type { ClientEvents } from './client-events.js';
import type { Emitter } from './emitter.js';
import type { Schedule } from './schedule.js';
import type { TimelineMessage } from './timeline-entry.js';

export interface ReceiptsOptions {
  readonly api: Pick<Api, 'listReceipts'>;
  readonly schedule: Schedule;
  readonly emitter: Emitter<ClientEvents>;
  readonly me: () => UserId | undefined;
  readonly link: () => { write(frame: object): void } | undefined;
}

/** At most one frame per channel in this time; also the first one waits a moment for what comes with it. */
const PACE_MS = 1_000;
const GATHER_MS = 100;
/** How often a position is said again that the server has not shown to have: a frame was lost, or the store is away. */
const REPEATS_MS = [2_000, 5_000, 15_000, 60_000] as const;

interface Own {
  /** What the server is to know. */
  wanted: Progress;
  /** What others sent up to here: to be called delivered once nothing before it is missing. */
  arrived: EventId;
  timer: (() => void) | undefined;
  /** When the timer fires; ms since the epoch. */
  dueAt: number;
  lastSentAt: number;
  repeats: number;
}

/** How far everybody has got in the channels of this user, and what this device has to say about it. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  readonly #known = new Map<ChannelId, ReadonlyMap<UserId, Receipt>>();
  readonly #own = new Map<ChannelId, Own>();

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** The same map until something changes. */
  of(channelId: ChannelId): ReadonlyMap<UserId, Receipt> {
    return this.#known.get(channelId) ?? NOBODY;
  }

  /** Looked at, up to this event, by this device. */
  markRead(channelId: ChannelId, read: EventId): void {
    if (read !== NO_EVENT) this.#want(channelId, { delivered: NO_EVENT, read });
  }

  /** A message of somebody else has been given to the application. */
  noteArrived(channelId: ChannelId, id: EventId): void {
    const own = this.#ensure(channelId);
    if (id > own.arrived) own.arrived = id;
  }

  /** Nothing is missing up to `cursor`. */
  noteCursor(channelId: ChannelId, cursor: EventId): void {
    const own = this.#own.get(channelId);
    if (own === undefined || own.arrived === NO_EVENT || cursor < own.arrived) return;
    this.#want(channelId, { delivered: own.arrived, read: NO_EVENT });
  }

  /** What the server says; older positions change nothing. */
  merge(channelId: ChannelId, receipts: readonly Receipt[]): void {
    const before = this.of(channelId);
    const after = new Map(before);
    for (const receipt of receipts)
      after.set(receipt.userId, { ...receipt, ...mergeProgress(after.get(receipt.userId) ?? NO_PROGRESS, receipt) });
    const changed = [...after.values()].filter((receipt) => !isSameProgress(before.get(receipt.userId) ?? NO_PROGRESS, receipt));
    if (changed.length === 0) return;
    this.#known.set(channelId, after);
    for (const receipt of changed) this.#options.emitter.emit('receipt', { channelId, receipt });
  }

  /** All of a channel's members, as the server has them. */
  async load(channelId: ChannelId): Promise<ReadonlyMap<UserId, Receipt>> {
    const { receipts } = await this.#options.api.listReceipts(channelId);
    this.merge(channelId, receipts);
    return this.of(channelId);
  }

  /** After hello: what the server has not shown to have is said again, spread over the pace. */
  resume(): void {
    for (const [channelId, own] of this.#own) {
      own.repeats = 0;
      if (!this.#isConfirmed(channelId, own)) this.#arm(channelId, own, GATHER_MS + Math.floor(this.#options.schedule.random() * PACE_MS));
    }
  }

  forget(channelId: ChannelId): void {
    this.#own.get(channelId)?.timer?.();
    this.#own.delete(channelId);
    this.#known.delete(channelId);
  }

  clear(): void {
    for (const channelId of [...this.#own.keys(), ...this.#known.keys()]) this.forget(channelId);
  }

  #want(channelId: ChannelId, progress: Progress): void {
    const own = this.#ensure(channelId);
    const before = mergeProgress(own.wanted, this.#confirmed(channelId));
    own.wanted = mergeProgress(own.wanted, progress);
    if (isSameProgress(mergeProgress(before, progress), before)) return;
    own.repeats = 0;
    const now = this.#options.schedule.now();
    const wait = Math.max(GATHER_MS, own.lastSentAt + PACE_MS - now);
    // Where messages keep coming, a timer that began anew with each of them would never fire.
    if (own.timer === undefined || own.dueAt > now + wait) this.#arm(channelId, own, wait);
  }

  #arm(channelId: ChannelId, own: Own, ms: number): void {
    own.timer?.();
    own.dueAt = this.#options.schedule.now() + ms;
    own.timer = this.#options.schedule.after(ms, () => this.#say(channelId, own));
  }

  #say(channelId: ChannelId, own: Own): void {
    own.timer = undefined;
    const link = this.#options.link();
    if (link === undefined || this.#isConfirmed(channelId, own)) return;
    const { delivered, read } = own.wanted;
    const frame: ReceiptFrame = {
      ...{ type: 'receipt', channelId },
      ...(delivered === NO_EVENT ? {} : { delivered }),
      ...(read === NO_EVENT ? {} : { read }),
    };
    link.write(frame);
    own.lastSentAt = this.#options.schedule.now();
    const again = REPEATS_MS[own.repeats];
    own.repeats += 1;
    if (again !== undefined) this.#arm(channelId, own, again);
  }

  #isConfirmed(channelId: ChannelId, own: Own): boolean {
    const confirmed = this.#confirmed(channelId);
    return isSameProgress(mergeProgress(confirmed, own.wanted), confirmed);
  }

  #confirmed(channelId: ChannelId): Progress {
    const me = this.#options.me();
    return (me === undefined ? undefined : this.of(channelId).get(me)) ?? NO_PROGRESS;
  }

  #ensure(channelId: ChannelId): Own {
    const known = this.#own.get(channelId);
    if (known !== undefined) return known;
    const own = { wanted: NO_PROGRESS, arrived: NO_EVENT, timer: undefined, dueAt: 0, lastSentAt: -Infinity, repeats: 0 };
    this.#own.set(channelId, own);
    return own;
  }
}

/** Of messages in their order; empty when there is none that the server has. */
export function newestSent(messages: readonly TimelineMessage[]): EventId {
  return messages.findLast((message) => message.status === 'sent')?.id ?? NO_EVENT;
}

const NOBODY: ReadonlyMap<UserId, Receipt> = new Map();
