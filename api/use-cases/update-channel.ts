import type { ChannelId } from '../../shared/domain/ids.js';
import type { Channel } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import { refuseDm, refuseGuest, requireChannelManager, requireChannelMember } from './channel-access.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { announce } from './membership-change.js';
import { namingField } from './naming-field.js';

type Deps = Pick<UseCaseDeps, 'channels' | 'teams' | 'announcer' | 'logger'>;

/** Any member but a guest may set the topic; the name is for those who manage the channel. @throws ChatError NOT_FOUND, FORBIDDEN, CONFLICT. */
export async function updateChannel(
  deps: Deps,
  caller: Caller,
  input: { readonly channelId: ChannelId; readonly name?: string | undefined; readonly topic?: string | undefined },
): Promise<Channel> {
  const { channelId, name, topic } = input;
  const view = await requireChannelMember(deps, caller, channelId);
  refuseDm(view.channel);
  await refuseGuest(deps, caller, view.channel);
  if (name !== undefined) await requireChannelManager(deps, caller, view);
  const change = { ...(name === undefined ? {} : { name }), ...(topic === undefined ? {} : { topic }) };
  const channel = await namingField('name', () => deps.channels.update(channelId, change));
  if (channel === undefined) throw new ChatError('NOT_FOUND');
  const everybody = view.members.map((member) => member.userId);
  await announce(deps, everybody, { type: 'channel', action: 'updated', channelId, channel });
  return channel;
}
