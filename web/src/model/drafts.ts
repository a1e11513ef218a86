import type { ChannelId } from './types.js';

const KEPT = 50;
const drafts = new Map<ChannelId, string>();

/** Texts that were begun and not sent, for as long as the page is open; the longest untouched ones go first. */
export function draftOf(channelId: ChannelId): string {
  return drafts.get(channelId) ?? '';
}

export function keepDraft(channelId: ChannelId, text: string): void {
  drafts.delete(channelId);
  if (text !== '') drafts.set(channelId, text);
  const [oldest] = drafts.keys();
  if (drafts.size > KEPT && oldest !== undefined) drafts.delete(oldest);
}

export function dropDrafts(): void {
  drafts.clear();
}
