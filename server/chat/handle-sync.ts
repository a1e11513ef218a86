import type { UserId } from '../../shared/domain/ids.js';
import type { SyncedChannel, SyncedFrame, SyncFrame } from '../../shared/protocol/frames.js';
import type { RoutingCaches } from '../../shared/routing/routing-caches.js';
import type { Timeline } from '../../shared/timeline/timeline.js';

export interface SyncDeps {
  readonly caches: RoutingCaches;
  readonly timeline: Timeline;
  /** About the largest answer, in bytes. */
  readonly syncBytes: number;
}

/** What the device has missed in the channels that its user is a member of; the others are answered with an error each. */
export async function handleSync(deps: SyncDeps, userId: UserId, frame: SyncFrame): Promise<SyncedFrame> {
  await deps.caches.refresh();
  const members = await deps.caches.members.getMany(frame.channels.map((ask) => ask.channelId));
  const allowed = frame.channels.filter((_, i) => members[i]?.has(userId));
  const synced = await deps.timeline.sync(allowed, { limit: frame.limit, maxBytes: deps.syncBytes });
  const answers = new Map(synced.map((channel) => [channel.channelId, channel]));
  return {
    type: 'synced',
    requestId: frame.requestId,
    channels: frame.channels.map((ask): SyncedChannel => answers.get(ask.channelId) ?? refused(ask)),
  };
}

function refused(ask: SyncFrame['channels'][number]): SyncedChannel {
  const { channelId, after } = ask;
  return { channelId, messages: [], events: [], cursor: after, more: false, archivedThrough: after, error: 'NOT_FOUND' };
}
