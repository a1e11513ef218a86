import type { ChannelId } from '../../../shared/domain/ids.js';
import type { Receipt } from '../../../shared/domain/model.js';
import type { ServerStompFrame } from './encode.js';
import type { StompFrame } from './frame.js';
import { JSON_TYPE, type Addressing } from './message-frame.js';
import { decode, invalid } from './parser.js';

/** How far one member has got in a channel; told at most once. */
export function receiptMessage(
  channelId: ChannelId,
  { userId, delivered, read }: Receipt,
  to: Pick<Addressing, 'subscription' | 'destination' | 'ack'> & { readonly messageId: string },
): ServerStompFrame {
  return {
    command: 'MESSAGE',
    headers: {
      subscription: to.subscription,
      'message-id': to.messageId,
      destination: to.destination,
      'content-type': JSON_TYPE,
      kind: 'receipt',
      'channel-id': channelId,
      'user-id': userId,
      ack: to.ack,
    },
    body: JSON.stringify({ channelId, userId, delivered, read }),
  };
}

/** The receipt that a SEND gives, as the protocol has it, not checked yet: the session's schema does that. @throws ChatError INVALID_INPUT */
export function receiptDraft(frame: StompFrame, channelId: ChannelId): object {
  const { delivered, read } = parseObject(decode(frame.body, 'the bytes of the body'));
  return { type: 'receipt', channelId, delivered, read };
}

function parseObject(text: string): { readonly delivered?: unknown; readonly read?: unknown } {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // Said below.
  }
  throw invalid('the body is not a JSON object with delivered or read');
}
