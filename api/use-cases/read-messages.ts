import { NO_EVENT, type ChannelId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { SyncedChannel } from '../../shared/protocol/frames.js';
import type { HistoryBody } from '../../shared/protocol/http.js';
import { requireChannelMember } from './channel-access.js';
import type { Caller, SyncAsk, TimelineReader, UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'channels' | 'teams' | 'timeline'>;

/** @throws ChatError NOT_FOUND, FORBIDDEN (see requireChannelMember), UNAVAILABLE. */
export async function readHistory(
  deps: Deps,
  caller: Caller,
  input: { readonly channelId: ChannelId; readonly query: Parameters<TimelineReader['history']>[1] },
): Promise<HistoryBody> {
  await requireChannelMember(deps, caller, input.channelId);
  return deps.timeline.history(input.channelId, input.query);
}

/** What each channel has new after the device's cursor; a channel that the caller may not read has an `error` instead. Order as asked. */
export async function syncChannels(
  deps: Deps,
  caller: Caller,
  input: { readonly channels: readonly SyncAsk[]; readonly limit?: number | undefined },
): Promise<readonly SyncedChannel[]> {
  const mine = new Set((await deps.channels.listForUser(caller.userId)).map((channel) => channel.id));
  const errors = await Promise.all(input.channels.map(({ channelId }) => findRefusal(deps, caller, { channelId, mine })));
  const allowed = input.channels.filter((_, i) => errors[i] === undefined);
  const synced = allowed.length === 0 ? [] : await deps.timeline.sync(allowed, { limit: input.limit });
  const answers = synced.values();
  return input.channels.map((ask, i) => {
    const error = errors[i];
    const answer = error === undefined ? answers.next().value : undefined;
    return answer ?? { ...refused(ask), error: error ?? 'INTERNAL' };
  });
}

/** The list is cut at a thousand channels: what is not in it is looked up. */
async function findRefusal(
  deps: Deps,
  caller: Caller,
  asked: { readonly channelId: ChannelId; readonly mine: ReadonlySet<ChannelId> },
): Promise<string | undefined> {
  if (asked.mine.has(asked.channelId)) return undefined;
  try {
    await requireChannelMember(deps, caller, asked.channelId);
    return undefined;
  } catch (error) {
    if (error instanceof ChatError && !error.temporary) return error.code;
    throw error;
  }
}

function refused({ channelId, after }: SyncAsk): SyncedChannel {
  return { channelId, messages: [], events: [], cursor: after, more: false, archivedThrough: NO_EVENT };
}
