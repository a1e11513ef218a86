import type { ChannelId, UserId } from '../../shared/domain/ids.js';
import type { Channel, ChannelMember } from '../../shared/domain/model.js';
import { findVisibleChannel, refuseDm, refuseGuest, requireChannelMember } from './channel-access.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { announceJoined, recordMembers } from './membership-change.js';
import { asMember, distinctUsers, requireEligible } from './new-members.js';

type Deps = Pick<UseCaseDeps, 'users' | 'teams' | 'channels' | 'invalidations' | 'announcer' | 'logger' | 'clock' | 'settings'>;

/** The caller enters a public channel of their team; once more does nothing. @throws ChatError NOT_FOUND, CHANNEL_FULL. */
export async function joinChannel(deps: Deps, caller: Caller, channelId: ChannelId): Promise<Channel> {
  const { channel } = await findVisibleChannel(deps, caller, channelId);
  await add(deps, channel, [caller.userId]);
  return channel;
}

/** Brings others in; who is in already does not matter. @throws ChatError NOT_FOUND, FORBIDDEN, INVALID_INPUT, CHANNEL_FULL (then nobody is added). */
export async function addMembers(
  deps: Deps,
  caller: Caller,
  input: { readonly channelId: ChannelId; readonly userIds: readonly UserId[] },
): Promise<readonly ChannelMember[]> {
  const { channelId, userIds } = input;
  const { channel } = await requireChannelMember(deps, caller, channelId);
  refuseDm(channel);
  await refuseGuest(deps, caller, channel);
  const distinct = distinctUsers(deps, userIds);
  await requireEligible(deps, userIds, channel.teamId);
  await add(deps, channel, distinct);
  return deps.channels.members(channelId);
}

/** Recorded even when nobody is new: the request before may have failed right there. */
async function add(deps: Deps, channel: Channel, userIds: readonly UserId[]): Promise<void> {
  const members = userIds.map((userId) => asMember(deps, userId, 'member'));
  const added = await deps.channels.addMembers(channel.id, members, deps.settings.maxChannelMembers);
  await recordMembers(deps, [channel.id]);
  await announceJoined(deps, channel, added);
}
