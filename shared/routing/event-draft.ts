import { idTime, type ChannelId, type ClientId, type EventId, type MessageId, type SessionId, type UserId } from '../domain/ids.js';

/** What the pipeline fills in. `messageId` only where a message travels again under a new event id. */
export interface EventHead {
  readonly id: EventId;
  readonly prev: EventId;
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly clientId: ClientId;
  readonly createdAt: string;
  readonly messageId?: MessageId;
}

/** An event that has no id yet. */
export interface EventDraft {
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly clientId: ClientId;
  /** The client says that it may have sent this before. */
  readonly resend: boolean;
  /** The message that the event is about; undefined for a new message. */
  readonly about: MessageId | undefined;
  /** The session that gets an ack in place of the event. */
  readonly originSession: SessionId | '';
  /** `member`: the sender must be a member of the channel at the moment of the reservation. `system`: made by Warren itself. */
  readonly author: 'member' | 'system';
  /** Set for a message that is known to be stored under this id and travels again, under a new event id. */
  readonly again?: MessageId;
  /** About how many bytes the event will have; for the bounds. */
  readonly size: number;
  /** The event's JSON: a `ChatEvent`. */
  encode(head: EventHead): string;
}

/** The fields of a head as JSON without braces; by hand, at a third of what JSON.stringify takes, because every message pays for it. */
export function encodeHead(head: EventHead): string {
  const { id, prev, channelId, senderId, clientId, createdAt, messageId } = head;
  const fields = `"id":"${id}","prev":"${prev}","channelId":"${channelId}","senderId":"${senderId}"`;
  const tail = messageId === undefined ? '' : `,"messageId":"${messageId}"`;
  return `${fields},"clientId":${JSON.stringify(clientId)},"createdAt":"${createdAt}"${tail}`;
}

/** An event that is durable and that readers see. */
export interface Committed {
  readonly id: EventId;
  readonly messageId: MessageId;
  readonly prev: EventId;
  readonly createdAt: string;
}

/** Of an id, those that tell the millisecond, and some of the node's bits. */
const TIME_CHARACTERS = 9;
let lastTime = '';
let lastText = '';

/** The time that an id carries, which is the one that everybody is shown. Events of one millisecond share the text. */
export function createdAtOf(id: EventId): string {
  const time = id.slice(0, TIME_CHARACTERS);
  if (time !== lastTime) {
    lastTime = time;
    lastText = new Date(idTime(id)).toISOString();
  }
  return lastText;
}
