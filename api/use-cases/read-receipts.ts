import { NO_EVENT, type ChannelId } from '../../shared/domain/ids.js';
import type { ChannelListBody, ReceiptsBody } from '../../shared/protocol/http.js';
import { requireChannelMember } from './channel-access.js';
import type { Caller, UseCaseDeps } from './deps.js';

/** How far the members have got. @throws ChatError NOT_FOUND, FORBIDDEN (see requireChannelMember). */
export async function listReceipts(
  deps: Pick<UseCaseDeps, 'channels' | 'teams' | 'receipts'>,
  caller: Caller,
  channelId: ChannelId,
): Promise<ReceiptsBody> {
  await requireChannelMember(deps, caller, channelId);
  return { receipts: await deps.receipts.ofChannel(channelId) };
}

/** Every channel the caller is in, newest first, with how far the caller has read it. */
export async function listMyChannels(deps: Pick<UseCaseDeps, 'channels' | 'receipts'>, caller: Caller): Promise<ChannelListBody> {
  const { userId } = caller;
  const [channels, receipts] = await Promise.all([deps.channels.listForUser(userId), deps.receipts.ofUser(userId)]);
  const read = new Map(receipts.map((receipt) => [receipt.channelId, receipt.read]));
  return { channels: channels.map((channel) => ({ ...channel, read: read.get(channel.id) ?? NO_EVENT })) };
}
