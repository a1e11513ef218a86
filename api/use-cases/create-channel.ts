import type { ChannelId, TeamId, UserId } from '../../shared/domain/ids.js';
import type { Channel, ChannelKind } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import { isoTime, type Caller, type UseCaseDeps } from './deps.js';
import { announce } from './membership-change.js';
import { namingField } from './naming-field.js';
import { asMember, distinctUsers, requireEligible } from './new-members.js';
import { requireInsider } from './team-access.js';

type Deps = Pick<UseCaseDeps, 'users' | 'teams' | 'channels' | 'announcer' | 'logger' | 'ids' | 'clock' | 'settings'>;

interface NewChannel {
  readonly kind: ChannelKind;
  readonly teamId: TeamId | null;
  readonly name: string;
  readonly topic: string;
  /** Everybody but the caller. */
  readonly others: readonly UserId[];
}

/** @throws ChatError NOT_FOUND (no such team), FORBIDDEN (guest), INVALID_INPUT, CHANNEL_FULL, CONFLICT (name taken). */
export async function createTeamChannel(
  deps: Deps,
  caller: Caller,
  input: {
    readonly teamId: TeamId;
    readonly kind: 'public' | 'private';
    readonly name: string;
    readonly topic?: string | undefined;
    readonly userIds?: readonly UserId[] | undefined;
  },
): Promise<Channel> {
  const { teamId, kind, name, topic = '', userIds = [] } = input;
  await requireInsider(deps, teamId, caller.userId);
  distinctUsers(deps, [caller.userId, ...userIds]);
  await requireEligible(deps, userIds, teamId);
  const { channel } = await create(deps, caller, { kind, teamId, name, topic, others: userIds });
  return channel;
}

/** @throws ChatError INVALID_INPUT, CHANNEL_FULL. */
export async function createGroup(
  deps: Deps,
  caller: Caller,
  input: { readonly name: string; readonly userIds: readonly UserId[] },
): Promise<Channel> {
  const everybody = distinctUsers(deps, [caller.userId, ...input.userIds]);
  if (everybody.length < 2) throw new ChatError('INVALID_INPUT', { details: { field: 'userIds', reason: 'somebody else is needed' } });
  await requireEligible(deps, input.userIds, null);
  const { channel } = await create(deps, caller, { kind: 'group', teamId: null, name: input.name, topic: '', others: input.userIds });
  return channel;
}

/** The one dm of a pair, made when it is missing; with oneself it is for notes. @throws ChatError INVALID_INPUT. */
export async function openDm(
  deps: Deps,
  caller: Caller,
  peerId: UserId,
): Promise<{ readonly channel: Channel & { readonly peerId: UserId | null }; readonly created: boolean }> {
  if ((await deps.users.findById(peerId)) === undefined) {
    throw new ChatError('INVALID_INPUT', { details: { field: 'userId', reason: 'no such user' } });
  }
  const { channel, created } = await create(deps, caller, { kind: 'dm', teamId: null, name: '', topic: '', others: [peerId] });
  return { channel: { ...channel, peerId: peerId === caller.userId ? null : peerId }, created };
}

/** A new channel's members need no entry in the invalidation log: nobody has asked for its id before. */
async function create(deps: Deps, caller: Caller, input: NewChannel): Promise<{ readonly channel: Channel; readonly created: boolean }> {
  const { kind, teamId, name, topic } = input;
  const createdAt = isoTime(deps.clock.now());
  const channel: Channel = { id: deps.ids.next() as ChannelId, kind, teamId, name, topic, createdBy: caller.userId, createdAt };
  const others = [...new Set(input.others)].filter((userId) => userId !== caller.userId);
  const members = [asMember(deps, caller.userId, 'owner'), ...others.map((userId) => asMember(deps, userId, 'member'))];
  const stored = await namingField('name', () => deps.channels.create(channel, members));
  const created = stored.id === channel.id;
  if (created) {
    const frame = { type: 'channel', action: 'joined', channelId: stored.id, channel: stored } as const;
    await announce(deps, [caller.userId, ...others], frame);
  }
  return { channel: stored, created };
}
