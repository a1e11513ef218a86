import type { TimelineMessage } from './types.js';

/** Names a message from the moment it is written: its id comes only with the acknowledgement. */
export function keyOf(message: TimelineMessage): string {
  return `${message.senderId}:${message.clientId}`;
}

/** A message with what its place in the list adds: a line of the list is redrawn only when its row is another object. */
export interface Row {
  readonly message: TimelineMessage;
  /** Shows the avatar and the name: another sender, another day, or some minutes later. */
  readonly startsGroup: boolean;
  /** Shows the day above it. */
  readonly startsDay: boolean;
  /** Shows the "new" line above it: the first message that was not there when the channel was last opened. */
  readonly firstUnread: boolean;
}

const GROUP_MS = 5 * 60_000;

/** The rows of a channel, oldest first. Rows of `previous` are taken over where nothing changed. */
export function buildRows(
  messages: readonly TimelineMessage[],
  unreadKey: string | undefined,
  previous: ReadonlyMap<string, Row>,
): readonly Row[] {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const startsDay = before === undefined || dayOf(before) !== dayOf(message);
    const firstUnread = keyOf(message) === unreadKey;
    const row = { message, startsDay, firstUnread, startsGroup: startsDay || firstUnread || !continues(before, message) };
    const known = previous.get(keyOf(message));
    return known !== undefined && isSame(known, row) ? known : row;
  });
}

export function indexRows(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [keyOf(row.message), row]));
}

function continues(before: TimelineMessage, message: TimelineMessage): boolean {
  return before.senderId === message.senderId && Date.parse(message.createdAt) - Date.parse(before.createdAt) < GROUP_MS;
}

function isSame(a: Row, b: Row): boolean {
  return a.message === b.message && a.startsDay === b.startsDay && a.firstUnread === b.firstUnread && a.startsGroup === b.startsGroup;
}

/** The day in the reader's time zone. */
function dayOf(message: TimelineMessage): string {
  return new Date(message.createdAt).toDateString();
}
