import type { Knex } from 'knex';
import type { ChannelId, EventId, UserId } from '../../domain/ids.js';
import type { Receipt } from '../../domain/model.js';
import { isSameProgress, mergeProgress, NO_PROGRESS } from '../../domain/receipts.js';
import type { ChannelReceipt, ReceiptStore } from '../../ports/receipts.js';
import type { Database, Dialect } from './database.js';

const MAX_CHANNELS = 1_000;

interface PositionRow {
  readonly channel_id: ChannelId;
  readonly user_id: UserId;
  readonly delivered_id: EventId;
  readonly read_id: EventId;
}

type Moved = ChannelReceipt & { readonly moved: boolean };

export class SqlReceiptStore implements ReceiptStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async advance(receipts: readonly ChannelReceipt[]): Promise<readonly Moved[]> {
    if (receipts.length === 0) return [];
    return this.#db.write(async (trx) => {
      const known = await lockPositions(trx, receipts);
      const merged = receipts.map((receipt) => merge(known.get(keyOf(receipt)), receipt));
      await upsert(
        trx,
        this.#db.dialect,
        merged.filter(({ moved }) => moved),
      );
      return merged;
    });
  }

  async ofChannel(channelId: ChannelId): Promise<readonly Receipt[]> {
    const rows = (await this.#db.read((knex) => ofMembers(knex).where('p.channel_id', channelId).orderBy('p.user_id'))) as PositionRow[];
    return rows.map((row) => ({ userId: row.user_id, delivered: row.delivered_id, read: row.read_id }));
  }

  async ofUser(userId: UserId): Promise<readonly ChannelReceipt[]> {
    const rows = (await this.#db.read((knex) =>
      ofMembers(knex).where('p.user_id', userId).orderBy('p.channel_id', 'desc').limit(MAX_CHANNELS),
    )) as PositionRow[];
    return rows.map(toReceipt);
  }
}

/** Who left a channel keeps the positions, for the day of the return; nobody is shown them. */
function ofMembers(knex: Knex): Knex.QueryBuilder {
  return knex('channel_positions as p')
    .join('channel_members as m', (on) => on.on('m.channel_id', 'p.channel_id').andOn('m.user_id', 'p.user_id'))
    .select('p.*');
}

async function lockPositions(trx: Knex.Transaction, receipts: readonly ChannelReceipt[]): Promise<ReadonlyMap<string, ChannelReceipt>> {
  const keys = receipts.map(({ channelId, userId }) => [channelId, userId]);
  const rows = (await trx('channel_positions')
    .whereIn(['channel_id', 'user_id'], keys)
    .orderBy(['channel_id', 'user_id'])
    .forUpdate()) as PositionRow[];
  return new Map(rows.map((row) => [keyOf(toReceipt(row)), toReceipt(row)]));
}

function merge(known: ChannelReceipt | undefined, receipt: ChannelReceipt): Moved {
  const before = known ?? NO_PROGRESS;
  const after = mergeProgress(before, receipt);
  const { channelId, userId } = receipt;
  return { channelId, userId, ...after, moved: !isSameProgress(before, after) };
}

/** A row that was not there to be locked may have come meanwhile: so the larger one wins here, too. In the order of the key, so that two servers do not wait for each other. */
async function upsert(trx: Knex.Transaction, dialect: Dialect, receipts: readonly ChannelReceipt[]): Promise<void> {
  if (receipts.length === 0) return;
  const rows = receipts.map(toRow).sort((a, b) => (a.channel_id + a.user_id < b.channel_id + b.user_id ? -1 : 1));
  const larger = (column: string): Knex.Raw =>
    dialect === 'mysql'
      ? trx.raw('greatest(??, values(??))', [column, column])
      : trx.raw(`max(channel_positions.${column}, excluded.${column})`);
  await trx('channel_positions')
    .insert(rows)
    .onConflict(['channel_id', 'user_id'])
    .merge({ delivered_id: larger('delivered_id'), read_id: larger('read_id') });
}

function keyOf({ channelId, userId }: Pick<ChannelReceipt, 'channelId' | 'userId'>): string {
  return channelId + userId;
}

function toRow({ channelId, userId, delivered, read }: ChannelReceipt): PositionRow {
  return { channel_id: channelId, user_id: userId, delivered_id: delivered, read_id: read };
}

function toReceipt(row: PositionRow): ChannelReceipt {
  return { channelId: row.channel_id, userId: row.user_id, delivered: row.delivered_id, read: row.read_id };
}
