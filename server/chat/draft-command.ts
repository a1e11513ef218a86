import type { ChatEvent } from '../../shared/domain/events.js';
import type { ChannelId, ClientId, MessageId, SessionId, UserId } from '../../shared/domain/ids.js';
import type { CommandFrame, SendFrame } from '../../shared/protocol/frames.js';
import { encodeHead, type EventDraft, type EventHead } from '../../shared/routing/event-draft.js';

/** Bytes of an event beside its text. */
const HEAD_BYTES = 320;

/** The draft of the event that a command asks for. */
export class CommandDraft implements EventDraft {
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly clientId: ClientId;
  readonly resend: boolean;
  readonly about: MessageId | undefined;
  readonly originSession: SessionId;
  readonly author = 'member';
  readonly size: number;
  readonly #frame: CommandFrame;

  constructor(frame: CommandFrame, sender: { readonly userId: UserId; readonly sessionId: SessionId }) {
    this.channelId = frame.channelId;
    this.senderId = sender.userId;
    this.clientId = frame.clientId;
    this.resend = frame.resend === true;
    this.about = frame.type === 'send' ? undefined : frame.messageId;
    this.originSession = sender.sessionId;
    this.size = HEAD_BYTES + ('content' in frame ? frame.content.length * 2 : 0);
    this.#frame = frame;
  }

  encode(head: EventHead): string {
    const frame = this.#frame;
    return frame.type === 'send' ? encodeMessage(frame, head) : JSON.stringify(buildChange(frame, head));
  }
}

/** Fields with their default are left out: every byte here is carried to every recipient. */
function encodeMessage({ content, mentions, parentId, attachments }: SendFrame, head: EventHead): string {
  let json = `{"type":"message",${encodeHead(head)},"content":${JSON.stringify(content)}`;
  if (mentions !== undefined && mentions.length > 0) json += `,"mentions":${JSON.stringify(mentions)}`;
  if (parentId !== undefined) json += `,"parentId":"${parentId}"`;
  if (attachments !== undefined && attachments.length > 0) json += `,"attachments":${JSON.stringify(attachments)}`;
  return `${json}}`;
}

function buildChange(frame: Exclude<CommandFrame, SendFrame>, head: EventHead): ChatEvent {
  switch (frame.type) {
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
