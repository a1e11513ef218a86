import type { ChannelId, UserId } from '../../domain/ids.js';
import type { Receipt } from '../../domain/model.js';
import { isSameProgress, mergeProgress, NO_PROGRESS } from '../../domain/receipts.js';
import type { ChannelReceipt, ReceiptStore } from '../../ports/receipts.js';
import { compareText, requireParents, type PeopleTables } from './people-tables.js';
import { promised } from './promised.js';

const MAX_CHANNELS = 1_000;

export class MemoryReceiptStore implements ReceiptStore {
  readonly #tables: PeopleTables;
  readonly #receipts = new Map<string, ChannelReceipt>();

  constructor(tables: PeopleTables) {
    this.#tables = tables;
  }

  advance(receipts: readonly ChannelReceipt[]): Promise<readonly (ChannelReceipt & { readonly moved: boolean })[]> {
    return promised(() => {
      requireParents(
        this.#tables.channels,
        receipts.map(({ channelId }) => channelId),
      );
      requireParents(
        this.#tables.users,
        receipts.map(({ userId }) => userId),
      );
      return receipts.map((receipt) => this.#advance(receipt));
    });
  }

  ofChannel(channelId: ChannelId): Promise<readonly Receipt[]> {
    return promised(() =>
      this.#ofMembers()
        .filter((receipt) => receipt.channelId === channelId)
        .map(({ userId, delivered, read }) => ({ userId, delivered, read }))
        .sort((a, b) => compareText(a.userId, b.userId)),
    );
  }

  ofUser(userId: UserId): Promise<readonly ChannelReceipt[]> {
    return promised(() =>
      this.#ofMembers()
        .filter((receipt) => receipt.userId === userId)
        .sort((a, b) => compareText(b.channelId, a.channelId))
        .slice(0, MAX_CHANNELS),
    );
  }

  #advance({ channelId, userId, ...progress }: ChannelReceipt): ChannelReceipt & { readonly moved: boolean } {
    const before = this.#receipts.get(channelId + userId) ?? NO_PROGRESS;
    const after = { channelId, userId, ...mergeProgress(before, progress) };
    this.#receipts.set(channelId + userId, after);
    return { ...after, moved: !isSameProgress(before, after) };
  }

  #ofMembers(): ChannelReceipt[] {
    const { channelMembers } = this.#tables;
    return [...this.#receipts.values()].filter(({ channelId, userId }) => channelMembers.get(channelId)?.has(userId) === true);
  }
}
