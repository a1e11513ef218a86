import type { ChannelFrame, PresenceFrame } from '../../../shared/protocol/frames.js';
import type { EventId } from '../../../shared/domain/ids.js';
import type { ServerStompFrame } from './encode.js';
import type { FeedItem } from './channel-feed.js';

export const JSON_TYPE = 'application/json;charset=utf-8';

/** Where a MESSAGE goes: the part of its headers that the subscription decides. */
export interface Addressing {
  readonly subscription: string | undefined;
  readonly destination: string;
  /** The event to resume from once this has been taken in. */
  readonly resumeFrom: EventId;
  /** Where the client acknowledges by it (1.2). */
  readonly ack: string | undefined;
}

/** Names what is told: a client that has had it drops it. */
export function messageIdOf(item: FeedItem): string {
  if (item.kind === 'event') return item.event.id;
  return item.kind === 'message' ? item.message.id : `${item.message.id}.${item.position}`;
}

/** The kinds are `message`, `edit`, `delete`, `reaction`, `void` and `changed`: a message as it is now. */
export function messageFrame(item: FeedItem, to: Addressing): ServerStompFrame {
  const what = item.kind === 'event' ? item.event : item.message;
  const { channelId, senderId, clientId, createdAt } = what;
  return {
    command: 'MESSAGE',
    headers: {
      subscription: to.subscription,
      'message-id': messageIdOf(item),
      destination: to.destination,
      'content-type': JSON_TYPE,
      kind: item.kind === 'event' ? item.event.type : item.kind,
      'channel-id': channelId,
      'sender-id': senderId,
      'client-id': clientId,
      'created-at': createdAt,
      about: item.kind === 'event' ? item.event.messageId : item.kind === 'changed' ? item.message.id : undefined,
      'event-id': to.resumeFrom,
      ack: to.ack,
    },
    body: bodyOf(what),
  };
}

/** The user's list of channels has changed: told at most once, and never acknowledged. */
export function channelNotice(frame: ChannelFrame, to: Pick<Addressing, 'subscription' | 'destination'> & { readonly messageId: string }) {
  return {
    command: 'MESSAGE',
    headers: {
      subscription: to.subscription,
      'message-id': to.messageId,
      destination: to.destination,
      'content-type': JSON_TYPE,
      kind: 'channel',
      action: frame.action,
      'channel-id': frame.channelId,
      ack: to.messageId,
    },
    body: JSON.stringify(frame),
  } as const satisfies ServerStompFrame;
}

/** Who is there: told at most once, and never acknowledged. */
export function presenceMessage(
  frame: PresenceFrame,
  to: Pick<Addressing, 'subscription' | 'destination'> & { readonly messageId: string },
): ServerStompFrame {
  return {
    command: 'MESSAGE',
    headers: {
      subscription: to.subscription,
      'message-id': to.messageId,
      destination: to.destination,
      'content-type': JSON_TYPE,
      kind: 'presence',
      'team-id': frame.teamId,
    },
    body: bodyOf(frame),
  };
}

const bodies = new WeakMap<object, string>();

/** Written once for all subscribers that are told of the same object. */
function bodyOf(what: object): string {
  const known = bodies.get(what);
  if (known !== undefined) return known;
  const body = JSON.stringify(what);
  bodies.set(what, body);
  return body;
}
