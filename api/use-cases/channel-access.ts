import type { ChannelId, UserId } from '../../shared/domain/ids.js';
import type { Channel, ChannelMember } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { isStaff } from './team-access.js';

type Deps = Pick<UseCaseDeps, 'channels' | 'teams'>;

export interface ChannelView {
  readonly channel: Channel;
  readonly members: readonly ChannelMember[];
  /** The caller's own membership, if any. */
  readonly self: ChannelMember | undefined;
}

/**
 * A channel that the caller may know of: one they are in, or a public one of their team (but guests know none that
 * they are not in). @throws ChatError NOT_FOUND.
 */
export async function findVisibleChannel(deps: Deps, caller: Caller, channelId: ChannelId): Promise<ChannelView> {
  const [channel, members] = await Promise.all([deps.channels.findById(channelId), deps.channels.members(channelId)]);
  if (channel === undefined) throw new ChatError('NOT_FOUND');
  const self = members.find((member) => member.userId === caller.userId);
  if (self === undefined && !(await mayDiscover(deps, caller, channel))) throw new ChatError('NOT_FOUND');
  return { channel, members, self };
}

/** @throws ChatError FORBIDDEN for a public channel that the caller is not in, NOT_FOUND for everything else they are not in. */
export async function requireChannelMember(
  deps: Deps,
  caller: Caller,
  channelId: ChannelId,
): Promise<ChannelView & { readonly self: ChannelMember }> {
  const { channel, members, self } = await findVisibleChannel(deps, caller, channelId);
  if (self === undefined) throw new ChatError('FORBIDDEN', { details: { reason: 'join the channel first' } });
  return { channel, members, self };
}

/** Who may rename a channel and remove others: its owner, the team's owners and admins, and in a group whose owner has left, anybody. */
export async function requireChannelManager(
  deps: Deps,
  caller: Caller,
  view: ChannelView & { readonly self: ChannelMember },
): Promise<void> {
  if (view.self.role === 'owner' || (await isTeamStaff(deps, caller.userId, view.channel))) return;
  if (view.channel.kind === 'group' && !view.members.some((member) => member.role === 'owner')) return;
  throw new ChatError('FORBIDDEN');
}

/** Guests do not bring others along. @throws ChatError FORBIDDEN. */
export async function refuseGuest(deps: Deps, caller: Caller, channel: Channel): Promise<void> {
  if (channel.teamId === null) return;
  const member = await deps.teams.member(channel.teamId, caller.userId);
  if (member === undefined || member.role === 'guest') throw new ChatError('FORBIDDEN', { details: { reason: 'guests may not do this' } });
}

/** A dm has its two people for ever. @throws ChatError FORBIDDEN. */
export function refuseDm(channel: Channel): void {
  if (channel.kind === 'dm') throw new ChatError('FORBIDDEN', { details: { reason: 'a direct conversation cannot be changed or left' } });
}

async function mayDiscover(deps: Deps, caller: Caller, channel: Channel): Promise<boolean> {
  if (channel.kind !== 'public' || channel.teamId === null) return false;
  const member = await deps.teams.member(channel.teamId, caller.userId);
  return member !== undefined && member.role !== 'guest';
}

async function isTeamStaff(deps: Deps, userId: UserId, channel: Channel): Promise<boolean> {
  if (channel.teamId === null) return false;
  return isStaff((await deps.teams.member(channel.teamId, userId))?.role);
}
