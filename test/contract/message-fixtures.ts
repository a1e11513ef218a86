import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { MemoryMessageStore } from '../../shared/adapters/memory/message-store.js';
import { openMongoMessageStore } from '../../shared/adapters/mongodb/message-store.js';
import { openSqliteMessageStore, type SqliteMessageStoreOptions } from '../../shared/adapters/sqlite/message-store.js';
import type { DeleteEvent, EditEvent, MessageEvent, ReactionEvent, VoidEvent } from '../../shared/domain/events.js';
import { IdClock, NO_EVENT, type ChannelId, type ClientId, type EventId, type MessageId, type UserId } from '../../shared/domain/ids.js';
import type { MessageStore } from '../../shared/ports/message-store.js';
import { newDatabaseName, newId, NOW } from './people-fixtures.js';

export interface OpenStore {
  readonly store: MessageStore;
  close(): Promise<void>;
}

export const memoryStore = (): Promise<OpenStore> => Promise.resolve({ store: new MemoryMessageStore(), close: () => Promise.resolve() });

export async function sqliteStore(options: SqliteMessageStoreOptions = {}): Promise<OpenStore> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-messages-'));
  const store = openSqliteMessageStore(join(folder, 'messages.db'), options);
  const close = async (): Promise<void> => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  return { store, close };
}

export async function mongoStore(server: string): Promise<OpenStore> {
  const database = newDatabaseName();
  const store = openMongoMessageStore(new URL(database, server).href);
  await store.ping();
  const close = async (): Promise<void> => {
    await store.close();
    const client = new MongoClient(server);
    await client.db(database).dropDatabase();
    await client.close();
  };
  return { store, close };
}

/** Events of one channel by one sender, each with a new id. */
export class ChannelScript {
  readonly #clock: Pick<IdClock, 'next'>;
  readonly channelId: ChannelId;
  readonly senderId: UserId;

  /** `node` where several processes make events at once. */
  constructor(node?: number) {
    this.#clock = node === undefined ? { next: newId } : new IdClock({ node, now: Date.now });
    this.channelId = this.#clock.next() as ChannelId;
    this.senderId = this.#clock.next() as UserId;
  }

  #base() {
    return {
      id: this.#clock.next() as EventId,
      prev: NO_EVENT,
      channelId: this.channelId,
      senderId: this.senderId,
      clientId: randomUUID() as ClientId,
      createdAt: NOW,
    };
  }

  message(change: Partial<MessageEvent> = {}): MessageEvent {
    return { ...this.#base(), type: 'message', content: 'hello', ...change };
  }

  messages(count: number): MessageEvent[] {
    return Array.from({ length: count }, () => this.message());
  }

  /** The same message, again, under a new event id: a late resend or a repair. */
  resend(event: MessageEvent): MessageEvent {
    return { ...event, id: this.#clock.next() as EventId, messageId: event.id };
  }

  edit(messageId: MessageId, content: string, change: Partial<EditEvent> = {}): EditEvent {
    return { ...this.#base(), type: 'edit', messageId, content, ...change };
  }

  remove(messageId: MessageId): DeleteEvent {
    return { ...this.#base(), type: 'delete', messageId };
  }

  react(messageId: MessageId, emoji: string, change: Partial<ReactionEvent> = {}): ReactionEvent {
    return { ...this.#base(), type: 'reaction', messageId, emoji, action: 'add', ...change };
  }

  voids(loser: MessageEvent, winnerId: MessageId): VoidEvent {
    return { ...this.#base(), type: 'void', clientId: loser.clientId, messageId: loser.id, winnerId };
  }
}
