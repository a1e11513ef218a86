import type { EventId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import type { SyncedChannel } from '../protocol/frames.js';

/** JSON around a message's text, in bytes; and a reaction's user or an attachment's line, about. */
const FRAME_BYTES = 400;
const PART_BYTES = 40;
/** Korean in UTF-8. */
const BYTES_PER_CHAR = 3;

/**
 * The answer up to about so many bytes; the rest comes with the next question, because an answer may end after any `updatedId`. Always moves
 * past `after`, however large a message is.
 */
export function cutAnswer(answer: SyncedChannel, after: EventId, maxBytes: number): SyncedChannel {
  const count = countFitting(answer.messages, after, maxBytes);
  if (count >= answer.messages.length) return answer;
  const messages = answer.messages.slice(0, count);
  const last = messages.at(-1)?.updatedId ?? after;
  // A message's state may be newer than what the answer reaches to.
  const cursor = last < answer.cursor ? last : answer.cursor;
  const isIn = ({ id }: { readonly id: EventId }): boolean => id <= cursor;
  const links = answer.links?.filter(isIn);
  return { ...answer, messages, events: answer.events.filter(isIn), ...(links === undefined ? {} : { links }), cursor, more: true };
}

/** Messages are in the order of `updatedId`; those with the same one stay together. */
function countFitting(messages: readonly Message[], after: EventId, maxBytes: number): number {
  let bytes = 0;
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i] as Message;
    const before = messages[i - 1];
    const mayEnd = before !== undefined && before.updatedId > after && before.updatedId !== message.updatedId;
    bytes += sizeOf(message);
    if (mayEnd && bytes > maxBytes) return i;
  }
  return messages.length;
}

/** How many of these fit into about so many bytes, from the first one on; that one does, however large. */
export function countOfPage(messages: readonly Message[], maxBytes: number): number {
  let bytes = 0;
  const tooMany = messages.findIndex((message, i) => (bytes += sizeOf(message)) > maxBytes && i > 0);
  return tooMany === -1 ? messages.length : tooMany;
}

function sizeOf({ content, reactions, attachments, mentions, comments }: Message): number {
  const users = reactions.reduce((sum, reaction) => sum + 1 + reaction.users.length, 0);
  const parts = users + mentions.length + attachments.length * 10;
  return FRAME_BYTES + (content.length + (comments?.last.content.length ?? 0)) * BYTES_PER_CHAR + parts * PART_BYTES;
}
