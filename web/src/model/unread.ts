import { computed, signal } from '@preact/signals';
import { dropKept, readKept, writeKept } from './kept.js';
import type { ChannelId, MessageId } from './types.js';

/**
 * Which channels have news since they were last looked at, on this device. Per channel the newest message seen, and the newest one of others
 * that arrived; both outlive the page.
 */
interface Marks {
  readonly seen: Readonly<Record<string, MessageId>>;
  readonly latest: Readonly<Record<string, MessageId>>;
}

const KEY = 'unread';
const NONE: Marks = { seen: {}, latest: {} };
const marks = signal<Marks>(NONE);

export const isAnyUnread = computed(() => Object.keys(marks.value.latest).some((id) => isUnread(id as ChannelId)));

export function isUnread(channelId: ChannelId): boolean {
  const { seen, latest } = marks.value;
  return (latest[channelId] ?? '') > (seen[channelId] ?? '');
}

/** The newest message that was seen, or the login, when something newer is there. */
export function seenBefore(channelId: ChannelId, login: string): string | undefined {
  return isUnread(channelId) ? (marks.peek().seen[channelId] ?? login) : undefined;
}

/** `login` is the id of this login, and as old as it: what was there before is not new, unless the channel was looked at here before. */
export function noteArrived(channelId: ChannelId, id: MessageId, login: string): void {
  const { seen, latest } = marks.peek();
  if (id <= (latest[channelId] ?? '') || id <= (seen[channelId] ?? login)) return;
  keep({ ...marks.peek(), latest: { ...marks.peek().latest, [channelId]: id } });
}

export function noteSeen(channelId: ChannelId, id: MessageId): void {
  if (id <= (marks.peek().seen[channelId] ?? '')) return;
  keep({ ...marks.peek(), seen: { ...marks.peek().seen, [channelId]: id } });
}

/** Only channels one is in are kept. */
export function keepMarksOf(channelIds: ReadonlySet<string>): void {
  const only = (ids: Marks['seen']) => Object.fromEntries(Object.entries(ids).filter(([id]) => channelIds.has(id)));
  keep({ seen: only(marks.peek().seen), latest: only(marks.peek().latest) });
}

export function startMarks(userId: string): void {
  marks.value = readMarks(userId) ?? NONE;
  owner = userId;
}

export function dropMarks(): void {
  marks.value = NONE;
  dropKept(KEY);
}

let owner = '';

function keep(next: Marks): void {
  marks.value = next;
  writeKept(KEY, JSON.stringify({ owner, ...next }));
}

function readMarks(userId: string): Marks | undefined {
  try {
    const kept = JSON.parse(readKept(KEY) ?? '{}') as Partial<Marks> & { owner?: string };
    return kept.owner === userId ? { seen: kept.seen ?? {}, latest: kept.latest ?? {} } : undefined;
  } catch {
    return undefined;
  }
}
