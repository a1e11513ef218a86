import type { ChannelId, UserId } from '../../shared/domain/ids.js';
import { refuseDm, requireChannelManager, requireChannelMember } from './channel-access.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { announceLeft, recordMembers } from './membership-change.js';

type Deps = Pick<UseCaseDeps, 'teams' | 'channels' | 'invalidations' | 'announcer' | 'logger'>;

/**
 * The caller leaves; leaving what one is not in, or what does not exist, is no error and tells nothing.
 * @throws ChatError FORBIDDEN for a dm of the caller's.
 */
export async function leaveChannel(deps: Deps, caller: Caller, channelId: ChannelId): Promise<void> {
  const [channel, members] = await Promise.all([deps.channels.findById(channelId), deps.channels.members(channelId)]);
  if (channel === undefined) return;
  if (members.some((member) => member.userId === caller.userId)) refuseDm(channel);
  await remove(deps, channelId, caller.userId);
}

/** Takes somebody else out, or oneself. @throws ChatError NOT_FOUND, FORBIDDEN. */
export async function removeMember(
  deps: Deps,
  caller: Caller,
  target: { readonly channelId: ChannelId; readonly userId: UserId },
): Promise<void> {
  if (target.userId === caller.userId) {
    await leaveChannel(deps, caller, target.channelId);
    return;
  }
  const view = await requireChannelMember(deps, caller, target.channelId);
  refuseDm(view.channel);
  await requireChannelManager(deps, caller, view);
  await remove(deps, target.channelId, target.userId);
}

/** Recorded even when nobody was removed: the request before may have failed right there. */
async function remove(deps: Deps, channelId: ChannelId, userId: UserId): Promise<void> {
  const removed = await deps.channels.removeMember(channelId, userId);
  await recordMembers(deps, [channelId]);
  if (removed) await announceLeft(deps, channelId, userId);
}
