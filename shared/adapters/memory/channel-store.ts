import type { ChannelId, TeamId, UserId } from '../../domain/ids.js';
import type { Channel, ChannelMember } from '../../domain/model.js';
import { dmPairOf, foldName, peerInPair } from '../../domain/names.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ChannelStore } from '../../ports/people.js';
import { compareText, requireParents, type PeopleTables } from './people-tables.js';
import { promised } from './promised.js';

const MAX_CHANNELS = 1_000;

export class MemoryChannelStore implements ChannelStore {
  readonly #tables: PeopleTables;

  constructor(tables: PeopleTables) {
    this.#tables = tables;
  }

  create(channel: Channel, members: readonly ChannelMember[]): Promise<Channel> {
    return promised(() => {
      const { users, teams, channels, channelMembers } = this.#tables;
      const userIds = members.map((member) => member.userId);
      const pair = channel.kind === 'dm' ? dmPairOf(userIds) : undefined;
      const existing = pair === undefined ? undefined : this.#findDm(pair);
      if (existing !== undefined) return existing;
      if (channels.has(channel.id) || new Set(userIds).size < userIds.length) throw new ChatError('CONFLICT');
      this.#requireFreeName(channel);
      requireParents(users, [channel.createdBy, ...userIds]);
      requireParents(teams, channel.teamId === null ? [] : [channel.teamId]);
      channels.set(channel.id, channel);
      if (pair !== undefined) this.#tables.dmPairs.set(channel.id, pair);
      channelMembers.set(channel.id, new Map(members.map((member) => [member.userId, member])));
      return channel;
    });
  }

  findById(id: ChannelId): Promise<Channel | undefined> {
    return promised(() => this.#tables.channels.get(id));
  }

  listForUser(userId: UserId): Promise<readonly (Channel & { readonly peerId: UserId | null })[]> {
    return promised(() =>
      [...this.#tables.channels.values()]
        .filter((channel) => this.#membersOf(channel.id).has(userId))
        .sort((a, b) => compareText(b.id, a.id))
        .slice(0, MAX_CHANNELS)
        .map((channel) => ({ ...channel, peerId: this.#peerIn(channel.id, userId) })),
    );
  }

  listPublic(teamId: TeamId, page: { readonly cursor: string; readonly limit: number }): Promise<readonly Channel[]> {
    return promised(() =>
      [...this.#tables.channels.values()]
        .filter((channel) => channel.teamId === teamId && channel.kind === 'public')
        .filter((channel) => compareText(foldName(channel.name), foldName(page.cursor)) > 0)
        .sort((a, b) => compareText(foldName(a.name), foldName(b.name)))
        .slice(0, page.limit),
    );
  }

  update(id: ChannelId, change: { readonly name?: string; readonly topic?: string }): Promise<Channel | undefined> {
    return promised(() => {
      const found = this.#tables.channels.get(id);
      if (found === undefined) return undefined;
      const next = { ...found, name: change.name ?? found.name, topic: change.topic ?? found.topic };
      this.#requireFreeName(next);
      this.#tables.channels.set(id, next);
      return next;
    });
  }

  members(id: ChannelId): Promise<readonly ChannelMember[]> {
    return promised(() => [...this.#membersOf(id).values()].sort((a, b) => compareText(a.userId, b.userId)));
  }

  memberIds(ids: readonly ChannelId[]): Promise<readonly (readonly UserId[])[]> {
    return promised(() => ids.map((id) => [...this.#membersOf(id).keys()].sort(compareText)));
  }

  addMembers(id: ChannelId, members: readonly ChannelMember[], limit: number): Promise<readonly UserId[]> {
    return promised(() => {
      requireParents(this.#tables.channels, [id]);
      const present = this.#membersOf(id);
      const missing = new Map(members.filter((m) => !present.has(m.userId)).map((member) => [member.userId, member]));
      if (missing.size > 0 && present.size + missing.size > limit) throw new ChatError('CHANNEL_FULL', { details: { limit } });
      requireParents(this.#tables.users, [...missing.keys()]);
      this.#tables.channelMembers.set(id, new Map([...present, ...missing]));
      return [...missing.keys()];
    });
  }

  removeMember(id: ChannelId, userId: UserId): Promise<boolean> {
    return promised(() => this.#tables.channelMembers.get(id)?.delete(userId) ?? false);
  }

  #membersOf(id: ChannelId): ReadonlyMap<UserId, ChannelMember> {
    return this.#tables.channelMembers.get(id) ?? new Map<UserId, ChannelMember>();
  }

  #findDm(pair: string): Channel | undefined {
    const [id] = [...this.#tables.dmPairs].find(([, other]) => other === pair) ?? [];
    return id && this.#tables.channels.get(id);
  }

  #peerIn(id: ChannelId, userId: UserId): UserId | null {
    const pair = this.#tables.dmPairs.get(id);
    return pair === undefined ? null : peerInPair(pair, userId);
  }

  #requireFreeName(channel: Channel): void {
    if (channel.kind !== 'public') return;
    const taken = [...this.#tables.channels.values()].some(
      (other) =>
        other.kind === 'public' &&
        other.teamId === channel.teamId &&
        other.id !== channel.id &&
        foldName(other.name) === foldName(channel.name),
    );
    if (taken) throw new ChatError('CONFLICT');
  }
}
