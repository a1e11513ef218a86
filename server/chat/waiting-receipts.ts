import type { ChannelId, UserId } from '../../shared/domain/ids.js';
import { mergeProgress, NO_PROGRESS, type Progress } from '../../shared/domain/receipts.js';
import type { ChannelReceipt } from '../../shared/ports/index.js';
import { LIMITS } from '../../shared/protocol/limits.js';

/** Who gave a receipt, and is told where it stands. */
export interface Teller {
  push(frame: Uint8Array): void;
}

export interface WaitingReceipt extends ChannelReceipt {
  readonly teller: Teller;
}

interface Room {
  readonly receipts: Map<UserId, Progress & { readonly teller: Teller }>;
  /** Not looked at before this; monotonic ms. */
  dueAt: number;
}

const MAX_WAITING = 50_000;
/** As many as a user has channels. */
const MAX_PER_USER = 1_000;
/** Several members read the same message at about the same time: they travel together. */
const GATHER_MS = 20;
/** A channel rests so long per member after its receipts have been told, so that no size of channel costs more than 100 deliveries a second. */
const REST_PER_MEMBER_MS = 1_000 / LIMITS.channelMembers;

/** Receipts of one server that are not stored yet: the newest of each user in each channel, bounded. Pure: time comes in. */
export class WaitingReceipts {
  readonly #rooms = new Map<ChannelId, Room>();
  readonly #perUser = new Map<UserId, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** When it is due; undefined when there is no room: the device says it again. */
  add({ channelId, userId, teller, ...progress }: WaitingReceipt, now: number): number | undefined {
    const room = this.#rooms.get(channelId) ?? { receipts: new Map<never, never>(), dueAt: now + GATHER_MS };
    const known = room.receipts.get(userId);
    if (known === undefined && !this.#count(userId)) return undefined;
    if (room.receipts.size === 0) room.dueAt = Math.max(room.dueAt, now + GATHER_MS);
    room.receipts.set(userId, { ...mergeProgress(known ?? NO_PROGRESS, progress), teller });
    this.#rooms.set(channelId, room);
    return room.dueAt;
  }

  /** When something is due next; Infinity for never. */
  get nextDue(): number {
    let next = Infinity;
    for (const room of this.#rooms.values()) if (room.receipts.size > 0) next = Math.min(next, room.dueAt);
    return next;
  }

  /** Takes out what is due, at most `limit`; those of users who are over their budget stay. */
  takeDue(now: number, how: { readonly limit: number; readonly isAllowed: (userId: UserId) => boolean }): WaitingReceipt[] {
    const taken: WaitingReceipt[] = [];
    for (const [channelId, room] of this.#rooms) {
      if (room.dueAt > now) continue;
      if (room.receipts.size === 0) this.#rooms.delete(channelId);
      for (const [userId, { teller, ...progress }] of room.receipts) {
        if (taken.length >= how.limit) return taken;
        if (!how.isAllowed(userId)) continue;
        room.receipts.delete(userId);
        this.#discount(userId);
        taken.push({ channelId, userId, ...progress, teller });
      }
      if (room.receipts.size > 0) room.dueAt = now + REST_PER_MEMBER_MS * LIMITS.channelMembers;
    }
    return taken;
  }

  /** The channel's receipts have been told to so many members. */
  rest(channelId: ChannelId, members: number, now: number): void {
    const room = this.#rooms.get(channelId);
    if (room !== undefined) room.dueAt = Math.max(room.dueAt, now + members * REST_PER_MEMBER_MS);
  }

  #count(userId: UserId): boolean {
    const count = this.#perUser.get(userId) ?? 0;
    if (count >= MAX_PER_USER || this.#size >= MAX_WAITING) return false;
    this.#perUser.set(userId, count + 1);
    this.#size += 1;
    return true;
  }

  #discount(userId: UserId): void {
    const count = this.#perUser.get(userId) ?? 0;
    if (count > 1) this.#perUser.set(userId, count - 1);
    else this.#perUser.delete(userId);
    this.#size -= 1;
  }
}
