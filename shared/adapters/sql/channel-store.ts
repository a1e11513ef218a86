import type { Knex } from 'knex';
import type { ChannelId, TeamId, UserId } from '../../domain/ids.js';
import type { Channel, ChannelKind, ChannelMember } from '../../domain/model.js';
import { dmPairOf, foldName, peerInPair } from '../../domain/names.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ChannelStore } from '../../ports/people.js';
import type { Database } from './database.js';
import { isConflictOn } from './sql-errors.js';

const MAX_CHANNELS = 1_000;

interface ChannelRow {
  readonly id: ChannelId;
  readonly kind: ChannelKind;
  readonly team_id: TeamId | null;
  readonly name: string;
  readonly topic: string;
  readonly created_by: UserId;
  readonly created_at: string;
  readonly dm_pair: string | null;
  readonly public_name: string | null;
}

interface ChannelMemberRow {
  readonly channel_id: ChannelId;
  readonly user_id: UserId;
  readonly role: ChannelMember['role'];
  readonly joined_at: string;
}

export class SqlChannelStore implements ChannelStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(channel: Channel, members: readonly ChannelMember[]): Promise<Channel> {
    const row = toRow(channel, members);
    try {
      return await this.#db.write(async (trx) => {
        await trx('channels').insert(row);
        await insertMembers(trx, channel.id, members);
        return channel;
      });
    } catch (error) {
      if (!isConflictOn(error, 'channels_dm_pair', 'channels.dm_pair')) throw error;
      const existing = await this.#db.read((knex) => knex<ChannelRow>('channels').where('dm_pair', row.dm_pair).first());
      if (existing === undefined) throw error;
      return toChannel(existing);
    }
  }

  async findById(id: ChannelId): Promise<Channel | undefined> {
    const row = await this.#db.read((knex) => knex<ChannelRow>('channels').where('id', id).first());
    return row === undefined ? undefined : toChannel(row);
  }

  async listForUser(userId: UserId): Promise<readonly (Channel & { readonly peerId: UserId | null })[]> {
    const rows = (await this.#db.read((knex) =>
      knex('channel_members as m')
        .join('channels as c', 'c.id', 'm.channel_id')
        .select('c.*')
        .where('m.user_id', userId)
        .orderBy('m.channel_id', 'desc')
        .limit(MAX_CHANNELS),
    )) as ChannelRow[];
    return rows.map((row) => ({ ...toChannel(row), peerId: row.dm_pair === null ? null : peerInPair(row.dm_pair, userId) }));
  }

  async listPublic(teamId: TeamId, page: { readonly cursor: string; readonly limit: number }): Promise<readonly Channel[]> {
    const rows = await this.#db.read((knex) =>
      knex<ChannelRow>('channels')
        .where('team_id', teamId)
        .where('public_name', '>', foldName(page.cursor))
        .orderBy('public_name')
        .limit(page.limit),
    );
    return rows.map(toChannel);
  }

  async update(id: ChannelId, change: { readonly name?: string; readonly topic?: string }): Promise<Channel | undefined> {
    const row = await this.#db.write(async (trx) => {
      const found = await lockChannel(trx, id);
      if (found === undefined) return undefined;
      const { name = found.name, topic = found.topic } = change;
      const next = { name, topic, public_name: found.kind === 'public' ? foldName(name) : null };
      await trx('channels').where('id', id).update(next);
      return { ...found, ...next };
    });
    return row === undefined ? undefined : toChannel(row);
  }

  async members(id: ChannelId): Promise<readonly ChannelMember[]> {
    const rows = await this.#db.read((knex) => knex<ChannelMemberRow>('channel_members').where('channel_id', id).orderBy('user_id'));
    return rows.map((row) => ({ userId: row.user_id, role: row.role, joinedAt: row.joined_at }));
  }

  async memberIds(ids: readonly ChannelId[]): Promise<readonly (readonly UserId[])[]> {
    const rows = await this.#db.read((knex) =>
      knex<ChannelMemberRow>('channel_members')
        .select('channel_id', 'user_id')
        .whereIn('channel_id', ids)
        .orderBy(['channel_id', 'user_id']),
    );
    const found = new Map<ChannelId, UserId[]>(ids.map((id) => [id, []]));
    for (const { channel_id: id, user_id: userId } of rows) found.get(id)?.push(userId);
    return ids.map((id) => found.get(id) as UserId[]);
  }

  addMembers(id: ChannelId, members: readonly ChannelMember[], limit: number): Promise<readonly UserId[]> {
    return this.#db.write(async (trx) => {
      // The row lock makes whoever adds to this channel take turns, so that the count below holds.
      if ((await lockChannel(trx, id)) === undefined) throw new ChatError('NOT_FOUND');
      const present = new Set<UserId>(await trx('channel_members').where('channel_id', id).pluck('user_id'));
      const missing = [...new Map(members.map((member) => [member.userId, member])).values()].filter((m) => !present.has(m.userId));
      if (missing.length > 0 && present.size + missing.length > limit) throw new ChatError('CHANNEL_FULL', { details: { limit } });
      await insertMembers(trx, id, missing);
      return missing.map((member) => member.userId);
    });
  }

  async removeMember(id: ChannelId, userId: UserId): Promise<boolean> {
    return (await this.#db.write((trx) => trx('channel_members').where({ channel_id: id, user_id: userId }).delete())) > 0;
  }
}

function lockChannel(trx: Knex.Transaction, id: ChannelId): Promise<ChannelRow | undefined> {
  return trx<ChannelRow>('channels').where('id', id).forUpdate().first();
}

async function insertMembers(trx: Knex.Transaction, channelId: ChannelId, members: readonly ChannelMember[]): Promise<void> {
  if (members.length === 0) return;
  await trx('channel_members').insert(
    members.map((member) => ({ channel_id: channelId, user_id: member.userId, role: member.role, joined_at: member.joinedAt })),
  );
}

function toRow(channel: Channel, members: readonly ChannelMember[]): ChannelRow {
  return {
    id: channel.id,
    kind: channel.kind,
    team_id: channel.teamId,
    name: channel.name,
    topic: channel.topic,
    created_by: channel.createdBy,
    created_at: channel.createdAt,
    dm_pair: channel.kind === 'dm' ? dmPairOf(members.map((member) => member.userId)) : null,
    public_name: channel.kind === 'public' ? foldName(channel.name) : null,
  };
}

function toChannel(row: ChannelRow): Channel {
  return {
    id: row.id,
    kind: row.kind,
    teamId: row.team_id,
    name: row.name,
    topic: row.topic,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
