import { targetOf, type ChatEvent } from '../../shared/domain/events.js';
import type { ClientId } from '../../shared/domain/ids.js';
import type { Message } from '../../shared/domain/model.js';
import type { EventDraft, EventHead } from '../../shared/routing/event-draft.js';

/**
 * Whether a stored event still says what is true. A message always does; an older edit or reaction that something newer
 * has overtaken must not come back as news.
 */
export function isStillTrue(event: ChatEvent, message: Message): boolean {
  switch (event.type) {
    case 'message':
    case 'void':
      return true;
    case 'delete':
      return message.deleted;
    case 'edit':
      return !message.deleted && message.content === event.content;
    case 'reaction': {
      const users = message.reactions.find((reaction) => reaction.emoji === event.emoji)?.users ?? [];
      return users.includes(event.senderId) === (event.action === 'add');
    }
  }
}

/** The same event once more, under a new event id: for devices whose cursor may have passed the first one. */
export function draftRepair(event: ChatEvent): EventDraft {
  const build = (head: EventHead): ChatEvent => ({ ...event, ...head });
  return {
    channelId: event.channelId,
    senderId: event.senderId,
    clientId: event.clientId,
    resend: false,
    about: event.type === 'message' ? undefined : event.messageId,
    originSession: '',
    author: 'system',
    again: targetOf(event),
    size: JSON.stringify(event).length,
    build,
  };
}

/** Tells everybody that `loser` is a second copy of a message that is stored as `winnerId`. */
export function draftVoid(loser: ChatEvent, winnerId: Message['id']): EventDraft {
  const messageId = targetOf(loser);
  return {
    channelId: loser.channelId,
    senderId: loser.senderId,
    clientId: `void-${messageId}` as ClientId,
    resend: false,
    about: messageId,
    originSession: '',
    author: 'system',
    size: 400,
    build: (head) => ({ type: 'void', ...head, messageId, winnerId }),
  };
}
