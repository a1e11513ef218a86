import type { Message } from '../../../shared/domain/model.js';
import type { SeenMessage } from './records.js';

/** What of a message two devices must agree on. */
export function seenMessage(message: Message): SeenMessage {
  const { id, senderId, clientId, content, deleted } = message;
  const reactions = message.reactions.map(({ emoji, users }) => `${emoji}:${[...users].sort().join(',')}`).sort();
  return { id, u: senderId, cl: clientId, text: content, deleted, reactions: reactions.join(';') };
}
