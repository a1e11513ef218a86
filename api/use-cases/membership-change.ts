import type { ChannelId, TeamId, UserId } from '../../shared/domain/ids.js';
import type { Channel } from '../../shared/domain/model.js';
import type { ChannelFrame } from '../../shared/protocol/frames.js';
import type { UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'invalidations' | 'channels' | 'announcer' | 'logger'>;

/**
 * After the members of channels were written: from here on nothing that is sent is routed or authorised by the old
 * ones. @throws ChatError UNAVAILABLE: the write is there, the caches may not know; asking again repairs that.
 */
export async function recordMembers(deps: Pick<Deps, 'invalidations'>, channelIds: readonly ChannelId[]): Promise<void> {
  if (channelIds.length > 0) await deps.invalidations.record(channelIds.map((channelId) => `channel:${channelId}`));
}

/** After the members of a team were written: who watches its presence hears of it. @throws ChatError UNAVAILABLE, as above. */
export async function recordTeam(deps: Pick<Deps, 'invalidations'>, teamId: TeamId): Promise<void> {
  await deps.invalidations.record([`team:${teamId}`]);
}

/** Best effort by contract: who misses the frame sees the change when the list is read next. */
export async function announce(deps: Pick<Deps, 'announcer' | 'logger'>, userIds: readonly UserId[], frame: ChannelFrame): Promise<void> {
  if (userIds.length === 0) return;
  try {
    await deps.announcer.announce(userIds, frame);
  } catch (error) {
    deps.logger.warn({ error, channelId: frame.channelId }, 'channel change not announced');
  }
}

/** Tells those who came that they are in, and those who were there that there are more of them. */
export async function announceJoined(deps: Deps, channel: Channel, joined: readonly UserId[]): Promise<void> {
  if (joined.length === 0) return;
  const members = await deps.channels.members(channel.id);
  const others = members.map((member) => member.userId).filter((userId) => !joined.includes(userId));
  await announce(deps, joined, { type: 'channel', action: 'joined', channelId: channel.id, channel });
  await announce(deps, others, { type: 'channel', action: 'members', channelId: channel.id });
}

/** Tells the one who went, on all devices, and those who stay. */
export async function announceLeft(deps: Deps, channelId: ChannelId, userId: UserId): Promise<void> {
  const members = await deps.channels.members(channelId);
  await announce(deps, [userId], { type: 'channel', action: 'left', channelId });
  await announce(
    deps,
    members.map((member) => member.userId),
    { type: 'channel', action: 'members', channelId },
  );
}
