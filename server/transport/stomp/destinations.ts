import { isId, type ChannelId, type TeamId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';

/** What can be subscribed to. `mine` is every channel of the user, `receipts` how far the members of those have got. */
export type Topic =
  | { readonly kind: 'channel'; readonly channelId: ChannelId }
  | { readonly kind: 'presence'; readonly teamId: TeamId }
  | { readonly kind: 'mine' }
  | { readonly kind: 'receipts' };

const CHANNEL_TOPIC = '/topic/channels.';
const PRESENCE_TOPIC = '/topic/presence.';
const CHANNEL_SENDS = '/app/channels.';
const RECEIPT_SENDS = '/app/receipts.';
const MINE = '/user/queue/messages';
const RECEIPTS = '/user/queue/receipts';

/** @throws ChatError INVALID_INPUT, NOT_FOUND */
export function topicOf(destination: string | undefined): Topic {
  if (destination === undefined) throw missingDestination();
  if (destination === MINE) return { kind: 'mine' };
  if (destination === RECEIPTS) return { kind: 'receipts' };
  if (destination.startsWith(CHANNEL_TOPIC)) return { kind: 'channel', channelId: channelOf(destination.slice(CHANNEL_TOPIC.length)) };
  if (destination.startsWith(PRESENCE_TOPIC)) return { kind: 'presence', teamId: teamOf(destination.slice(PRESENCE_TOPIC.length)) };
  throw notFound('no such destination to subscribe to');
}

/** What a SEND is: a command or a receipt, and its channel. @throws ChatError INVALID_INPUT, NOT_FOUND */
export function sendTarget(destination: string | undefined): { readonly kind: 'command' | 'receipt'; readonly channelId: ChannelId } {
  if (destination === undefined) throw missingDestination();
  if (destination.startsWith(RECEIPT_SENDS)) return { kind: 'receipt', channelId: channelOf(destination.slice(RECEIPT_SENDS.length)) };
  if (!destination.startsWith(CHANNEL_SENDS)) throw notFound('no such destination to send to');
  return { kind: 'command', channelId: channelOf(destination.slice(CHANNEL_SENDS.length)) };
}

export function topicName(topic: Topic): string {
  switch (topic.kind) {
    case 'mine':
      return MINE;
    case 'receipts':
      return RECEIPTS;
    case 'presence':
      return PRESENCE_TOPIC + topic.teamId;
    case 'channel':
      return CHANNEL_TOPIC + topic.channelId;
  }
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
