import type { ChatEvent } from '../../shared/domain/events.js';
import type { SessionId, UserId } from '../../shared/domain/ids.js';
import type { CommandFrame } from '../../shared/protocol/frames.js';
import type { EventDraft, EventHead } from '../../shared/routing/event-draft.js';

/** Bytes of an event beside its text. */
const HEAD_BYTES = 320;

/** The draft of the event that a command asks for. */
export function draftCommand(frame: CommandFrame, sender: { readonly userId: UserId; readonly sessionId: SessionId }): EventDraft {
  return {
    channelId: frame.channelId,
    senderId: sender.userId,
    clientId: frame.clientId,
    resend: frame.resend === true,
    about: frame.type === 'send' ? undefined : frame.messageId,
    originSession: sender.sessionId,
    author: 'member',
    size: HEAD_BYTES + ('content' in frame ? frame.content.length * 2 : 0),
    build: (head) => buildEvent(frame, head),
  };
}

/** Fields with their default are left out: every byte here is carried to every recipient. */
function buildEvent(frame: CommandFrame, head: EventHead): ChatEvent {
  switch (frame.type) {
    case 'send':
      return {
        type: 'message',
        ...head,
        content: frame.content,
        ...(frame.mentions === undefined || frame.mentions.length === 0 ? {} : { mentions: frame.mentions }),
        ...(frame.parentId === undefined ? {} : { parentId: frame.parentId }),
        ...(frame.attachments === undefined || frame.attachments.length === 0 ? {} : { attachments: frame.attachments }),
      };
    case 'edit': {
      const { messageId, content, mentions } = frame;
      return { type: 'edit', ...head, messageId, content, ...(mentions === undefined || mentions.length === 0 ? {} : { mentions }) };
    }
    case 'delete':
      return { type: 'delete', ...head, messageId: frame.messageId };
    case 'react':
      return { type: 'reaction', ...head, messageId: frame.messageId, emoji: frame.emoji, action: frame.action };
  }
}
