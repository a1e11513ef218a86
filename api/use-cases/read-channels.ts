import type { ChannelId, TeamId } from '../../shared/domain/ids.js';
import type { Channel, ChannelMember } from '../../shared/domain/model.js';
import type { ChannelListBody } from '../../shared/protocol/http.js';
import { findVisibleChannel, requireChannelMember } from './channel-access.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { requireTeamMember } from './team-access.js';

type Deps = Pick<UseCaseDeps, 'channels' | 'teams'>;

/** The public channels of a team, a page by name; a guest gets those they are in. @throws ChatError NOT_FOUND. */
export async function listTeamChannels(
  deps: Deps,
  caller: Caller,
  page: { readonly teamId: TeamId; readonly cursor: string; readonly limit: number },
): Promise<ChannelListBody> {
  const { role } = await requireTeamMember(deps, page.teamId, caller.userId);
  if (role === 'guest') return { channels: await listGuestChannels(deps, caller, page.teamId), next: null };
  const channels = await deps.channels.listPublic(page.teamId, page);
  return { channels, next: channels.length === page.limit ? (channels.at(-1)?.name ?? null) : null };
}

async function listGuestChannels(deps: Deps, caller: Caller, teamId: TeamId): Promise<Channel[]> {
  const mine = await deps.channels.listForUser(caller.userId);
  return mine.filter((channel) => channel.teamId === teamId && channel.kind === 'public').map(({ peerId: _, ...channel }) => channel);
}

/** One the caller is in, or could join. @throws ChatError NOT_FOUND. */
export async function getChannel(deps: Deps, caller: Caller, channelId: ChannelId): Promise<ChannelListBody['channels'][number]> {
  const { channel, members, self } = await findVisibleChannel(deps, caller, channelId);
  if (channel.kind !== 'dm' || self === undefined) return channel;
  return { ...channel, peerId: members.find((member) => member.userId !== caller.userId)?.userId ?? null };
}

/** @throws ChatError NOT_FOUND, FORBIDDEN (see requireChannelMember). */
export async function listMembers(deps: Deps, caller: Caller, channelId: ChannelId): Promise<readonly ChannelMember[]> {
  return (await requireChannelMember(deps, caller, channelId)).members;
}
