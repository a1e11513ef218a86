import { isId, type ChannelId, type TeamId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';

/** What can be subscribed to. `mine` is every channel of the user. */
export type Topic =
  | { readonly kind: 'channel'; readonly channelId: ChannelId }
  | { readonly kind: 'presence'; readonly teamId: TeamId }
  | { readonly kind: 'mine' };

const CHANNEL_TOPIC = '/topic/channels.';
const PRESENCE_TOPIC = '/topic/presence.';
const CHANNEL_SENDS = '/app/channels.';
const MINE = '/user/queue/messages';
/** Named here so that the answer says more than "unknown". */
const NOT_OFFERED = [{ matches: /^\/user\/queue\/receipts$/, what: 'delivered and read receipts are' }];

/** @throws ChatError INVALID_INPUT, NOT_FOUND */
export function topicOf(destination: string | undefined): Topic {
  if (destination === undefined) throw missingDestination();
  if (destination === MINE) return { kind: 'mine' };
  if (destination.startsWith(CHANNEL_TOPIC)) return { kind: 'channel', channelId: channelOf(destination.slice(CHANNEL_TOPIC.length)) };
  if (destination.startsWith(PRESENCE_TOPIC)) return { kind: 'presence', teamId: teamOf(destination.slice(PRESENCE_TOPIC.length)) };
  const known = NOT_OFFERED.find(({ matches }) => matches.test(destination));
  throw notFound(known === undefined ? 'no such destination to subscribe to' : `${known.what} not offered by this server`);
}

/** The channel that a SEND is for. @throws ChatError INVALID_INPUT, NOT_FOUND */
export function sendTarget(destination: string | undefined): ChannelId {
  if (destination === undefined) throw missingDestination();
  if (!destination.startsWith(CHANNEL_SENDS)) throw notFound('no such destination to send to');
  return channelOf(destination.slice(CHANNEL_SENDS.length));
}

export function topicName(topic: Topic): string {
  if (topic.kind === 'mine') return MINE;
  return topic.kind === 'presence' ? PRESENCE_TOPIC + topic.teamId : CHANNEL_TOPIC + topic.channelId;
}

function channelOf(id: string): ChannelId {
  if (!isId(id)) throw notFound('no such channel, or you are not a member');
  return id as ChannelId;
}

function teamOf(id: string): TeamId {
  if (!isId(id)) throw notFound('no such team, or you are not a member');
  return id as TeamId;
}

function missingDestination(): ChatError {
  return new ChatError('INVALID_INPUT', { details: { field: 'destination', reason: 'header is missing' } });
}

function notFound(reason: string): ChatError {
  return new ChatError('NOT_FOUND', { details: { field: 'destination', reason } });
}
