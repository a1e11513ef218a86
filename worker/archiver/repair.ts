import { targetOf, type ChatEvent } from '../../shared/domain/events.js';
import type { ClientId } from '../../shared/domain/ids.js';
import type { Message } from '../../shared/domain/model.js';
import type { EventDraft } from '../../shared/routing/event-draft.js';

/**
 * The event once more, under a new event id: for devices whose cursor may have passed the first one. What is final travels as it was. An
 * edit or a reaction does not: something newer may be on its way, and must not be undone by an older one that comes back. In its
 * place the message travels again, so that devices ask for what follows their cursor and get its state as it is then.
 */
export function draftRepair(event: ChatEvent, message: Message): EventDraft {
  switch (event.type) {
    case 'message':
      return { ...draftMessage(message), encode: (head) => JSON.stringify({ ...event, ...head } satisfies ChatEvent) };
    case 'edit':
    case 'reaction':
      return draftMessage(message);
    case 'delete':
    case 'void':
      return {
        ...draftMessage(message),
        ...systemDraft(event),
        about: event.messageId,
        encode: (head) => JSON.stringify({ ...event, ...head } satisfies ChatEvent),
      };
  }
}

function draftMessage(message: Message): EventDraft {
  const { content, mentions, parentId, attachments } = message;
  const body = { type: 'message', content, mentions, attachments, ...(parentId === undefined ? {} : { parentId }) } as const;
  return {
    ...systemDraft(message),
    about: undefined,
    again: message.id,
    size: content.length * 2 + 500,
    encode: (head) => JSON.stringify({ ...body, ...head, resync: true } satisfies ChatEvent),
  };
}

function systemDraft({ channelId, senderId, clientId }: Pick<ChatEvent, 'channelId' | 'senderId' | 'clientId'>) {
  return { channelId, senderId, clientId, resend: false, originSession: '', author: 'system' } as const;
}

/** Tells everybody that `loser` is a second copy of a message that is stored as `winnerId`. */
export function draftVoid(loser: ChatEvent, winnerId: Message['id']): EventDraft {
  const messageId = targetOf(loser);
  return {
    ...systemDraft({ ...loser, clientId: `void-${messageId}` as ClientId }),
    about: messageId,
    size: 400,
    encode: (head) => JSON.stringify({ type: 'void', ...head, messageId, winnerId } satisfies ChatEvent),
  };
}
