import { Chain, type Moment } from '../../shared/protocol/chain.js';
import { formatId, type ChannelId, type ClientId, type EventId, type UserId } from '../../shared/domain/ids.js';
import { messageFromEvent } from '../../shared/domain/events.js';
import type { Message } from '../../shared/domain/model.js';
import type { SyncedChannel } from '../../shared/protocol/frames.js';

export const START = Date.parse('2026-11-18T10:00:00Z');
export const e = (n: number): EventId => formatId(START + n, 0, 0) as EventId;
export const NONE = '' as EventId;
export const at = (now: number): Moment => ({ now: START + now, serverNow: START + now, graceMs: 100 });

export function state(id: EventId, prev: EventId, updatedId = id): Message {
  const base = {
    id,
    prev,
    channelId: '0K3W000000001' as ChannelId,
    senderId: '0K3V000000002' as UserId,
    clientId: id as string as ClientId,
  };
  return { ...messageFromEvent({ ...base, type: 'message', content: 'x', createdAt: '' }), updatedId };
}

export function reply(parts: Partial<SyncedChannel>): SyncedChannel {
  return { channelId: '0K3W000000001' as ChannelId, messages: [], events: [], cursor: NONE, more: false, archivedThrough: NONE, ...parts };
}

/** A chain that has caught up and stands at `cursor`. */
export function caughtUp(cursor: EventId): Chain {
  const chain = new Chain(cursor);
  chain.answer(reply({ cursor }), chain.ask(), at(0));
  return chain;
}
