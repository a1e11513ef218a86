import { applyEvent, changesParent, firstState, targetOf, withComments, type ChatEvent } from '../../domain/events.js';
import { NO_EVENT, type ChannelId, type ClientId, type EventId, type MessageId, type UserId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';
import type { ApplyResult, MessageStore } from '../../ports/message-store.js';
import { promised } from './promised.js';

/** Messages of one process, for tests: it reads by scanning a channel. */
export class MemoryMessageStore implements MessageStore {
  readonly #channels = new Map<ChannelId, Map<MessageId, Message>>();

  apply(events: readonly ChatEvent[]): Promise<ApplyResult> {
    return promised(() => {
      const conflicts: { event: ChatEvent; winnerId: MessageId }[] = [];
      const orphans: ChatEvent[] = [];
      for (const event of events) {
        const stored = this.#channel(event.channelId).get(targetOf(event));
        const next = stored === undefined ? firstState(event) : applyEvent(stored, event);
        const winner = stored === undefined && next !== undefined ? this.#holder(next) : undefined;
        if (next === undefined) orphans.push(event);
        else if (winner !== undefined) conflicts.push({ event, winnerId: winner.id });
        else this.#put(next, event);
      }
      return { conflicts, orphans };
    });
  }

  changedAfter(channelId: ChannelId, after: EventId, limit: number): Promise<readonly Message[]> {
    return promised(() => {
      const changed = this.#all(channelId)
        .filter((message) => message.updatedId > after)
        .sort((a, b) => compare(a.updatedId, b.updatedId) || compare(a.id, b.id));
      const last = changed[limit - 1]?.updatedId;
      return last === undefined ? changed : changed.filter((message) => message.updatedId <= last);
    });
  }

  page(
    channelId: ChannelId,
    range: { readonly before?: MessageId; readonly after?: MessageId; readonly limit: number },
  ): Promise<readonly Message[]> {
    const { before, after, limit } = range;
    return promised(() => {
      const inside = this.#all(channelId)
        .filter((m) => !m.voided && (after === undefined || m.id > after) && (before === undefined || m.id < before))
        .sort((a, b) => compare(a.id, b.id));
      return after === undefined ? inside.slice(Math.max(0, inside.length - limit)) : inside.slice(0, limit);
    });
  }

  getMany(channelId: ChannelId, ids: readonly MessageId[]): Promise<readonly Message[]> {
    const wanted = new Set(ids);
    return promised(() => this.#all(channelId).filter((message) => wanted.has(message.id)));
  }

  findByClientId(channelId: ChannelId, senderId: UserId, clientId: ClientId): Promise<Message | undefined> {
    return promised(() => this.#holder({ channelId, senderId, clientId, voided: false }));
  }

  lastEventIds(channelIds: readonly ChannelId[]): Promise<readonly EventId[]> {
    return promised(() =>
      channelIds.map((id) => this.#all(id).reduce((max, { updatedId }) => (updatedId > max ? updatedId : max), NO_EVENT)),
    );
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  #put(message: Message, event: ChatEvent): void {
    const channel = this.#channel(message.channelId);
    channel.set(message.id, message);
    const parent = message.parentId === undefined ? undefined : channel.get(message.parentId);
    if (parent === undefined || !changesParent(event)) return;
    const comments = [...channel.values()].filter((other) => other.parentId === parent.id && !other.deleted && !other.voided);
    const last = comments.sort((a, b) => compare(a.id, b.id)).at(-1);
    channel.set(parent.id, withComments(parent, { count: comments.length, last }, event.id));
  }

  /** The message that owns this (sender, clientId). */
  #holder(key: Pick<Message, 'channelId' | 'senderId' | 'clientId' | 'voided'>): Message | undefined {
    if (key.voided) return undefined;
    return this.#all(key.channelId).find((m) => !m.voided && m.senderId === key.senderId && m.clientId === key.clientId);
  }

  #channel(channelId: ChannelId): Map<MessageId, Message> {
    const found = this.#channels.get(channelId) ?? new Map<MessageId, Message>();
    this.#channels.set(channelId, found);
    return found;
  }

  #all(channelId: ChannelId): Message[] {
    return [...(this.#channels.get(channelId)?.values() ?? [])];
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
