import { signal } from '@preact/signals';
import { problemOf } from './problem.js';
import { markRead, showReceipts } from './receipts.js';
import { buildRows, indexRows, keyOf, type Row } from './rows.js';
import { client } from './sdk.js';
import { me } from './session.js';
import type { ChannelId, TimelineMessage } from './types.js';
import { noteSeen, seenBefore } from './unread.js';

/** One opened channel as the page shows it: its rows, where the reader is, and what arrived out of sight. */
export class ChannelView {
  readonly channelId: ChannelId;
  readonly rows = signal<readonly Row[]>([]);
  readonly hasOlder = signal(true);
  readonly loading = signal(false);
  /** Code of the error that the last page ended in. */
  readonly failure = signal<string | undefined>(undefined);
  /** The reader sees the newest message. */
  readonly atEnd = signal(true);
  /** Messages of others that arrived below what the reader sees. */
  readonly newCount = signal(0);
  readonly lastArrived = signal<TimelineMessage | undefined>(undefined);
  /** Everything after it was new when the channel was opened. */
  readonly #seenBefore: string | undefined;
  #unreadKey: string | undefined;
  #known: ReadonlyMap<string, Row> = new Map();
  #opened = false;

  constructor(channelId: ChannelId) {
    this.channelId = channelId;
    this.#seenBefore = seenBefore(channelId, client.deviceId ?? '');
    this.refresh();
    showReceipts(channelId);
    void this.#load(() => client.open(channelId));
  }

  close(): void {
    client.release(this.channelId);
  }

  /** The SDK's timeline has changed. */
  refresh(): void {
    const view = client.timeline(this.channelId);
    this.#opened ||= view.opened;
    // Until the newest page is here there may be a gap above what arrived live.
    const messages = this.#opened ? view.messages : [];
    this.hasOlder.value = view.hasOlder || !this.#opened;
    this.#unreadKey ??= this.#findUnread(messages);
    const rows = buildRows(messages, this.#unreadKey, this.#known);
    this.#known = indexRows(rows);
    this.rows.value = rows;
    this.noteRead();
  }

  /** The page before the oldest message; nothing while one is on its way. */
  loadOlder(): void {
    if (this.loading.peek() || this.failure.peek() !== undefined) return;
    if (this.#opened && !this.hasOlder.peek()) return;
    void this.#load(() => client.loadOlder(this.channelId));
  }

  retry(): void {
    this.failure.value = undefined;
    this.loadOlder();
  }

  setAtEnd(atEnd: boolean): void {
    this.atEnd.value = atEnd;
    this.noteRead();
  }

  noteArrival(message: TimelineMessage): void {
    this.lastArrived.value = message;
    if (!this.#isBeingRead()) this.newCount.value += 1;
  }

  /** What the reader sees counts as read: the end of the list, in a page that is in sight. */
  noteRead(): void {
    if (!this.#isBeingRead()) return;
    this.newCount.value = 0;
    const last = this.rows.peek().findLast((row) => row.message.status === 'sent');
    if (last !== undefined) noteSeen(this.channelId, last.message.id);
    markRead(this.channelId, this.rows.peek());
  }

  #isBeingRead(): boolean {
    return this.atEnd.peek() && document.visibilityState === 'visible';
  }

  #findUnread(messages: readonly TimelineMessage[]): string | undefined {
    const seen = this.#seenBefore;
    if (seen === undefined) return undefined;
    const first = messages.find((message) => message.id > seen && message.senderId !== me.peek()?.id);
    return first === undefined ? undefined : keyOf(first);
  }

  async #load(work: () => Promise<unknown>): Promise<void> {
    this.loading.value = true;
    try {
      await work();
      this.failure.value = undefined;
    } catch (error) {
      this.failure.value = problemOf(error).code;
    } finally {
      this.loading.value = false;
      this.refresh();
    }
  }
}
