import { MongoClient, type Filter } from 'mongodb';
import type { ChatEvent } from '../../domain/events.js';
import { NO_EVENT, type ChannelId, type ClientId, type EventId, type MessageId, type UserId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ApplyResult, MessageStore } from '../../ports/message-store.js';
import { createIndexes, type MessageCollection } from './message-collection.js';
import { claimOf, documentId, toMessage, type MessageDocument } from './message-document.js';
import { applyEvents } from './message-writer.js';
import { toStoreError } from './mongo-errors.js';

const CONNECT_TIMEOUT_MS = 5_000;
const CALL_TIMEOUT_MS = 10_000;
const POOL_MAX = 20;
/** Larger than every id: ids are upper case. */
const END = '~' as MessageId;

/** Opens `mongodb://host:port/database` (`warren` when the URL names none); connects when it is first used. */
export function openMongoMessageStore(url: string): MongoMessageStore {
  const client = new MongoClient(url, {
    appName: 'warren',
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    socketTimeoutMS: 2 * CALL_TIMEOUT_MS,
    waitQueueTimeoutMS: CONNECT_TIMEOUT_MS,
    maxPoolSize: POOL_MAX,
    ignoreUndefined: true,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: CALL_TIMEOUT_MS },
  });
  return new MongoMessageStore(client, databaseOf(url));
}

function databaseOf(url: string): string {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? 'warren';
}

/** Messages in one collection, sharded by `channelId` where the cluster shards. One writer per channel, any number of readers. */
export class MongoMessageStore implements MessageStore {
  readonly #client: MongoClient;
  readonly #messages: MessageCollection;
  #indexes: Promise<void> | undefined;

  constructor(client: MongoClient, database: string) {
    this.#client = client;
    this.#messages = client.db(database).collection<MessageDocument>('messages');
  }

  apply(events: readonly ChatEvent[]): Promise<ApplyResult> {
    return guarded(async () => {
      await this.#ensureIndexes();
      return applyEvents(this.#messages, events);
    });
  }

  changedAfter(channelId: ChannelId, after: EventId, limit: number): Promise<readonly Message[]> {
    return guarded(async () => {
      const changed = this.#messages.find({ channelId, updatedId: { $gt: after } }).sort({ updatedId: 1, _id: 1 });
      // One more than asked for, because one event changes two messages at most.
      const found = await changed.limit(limit + 1).toArray();
      const last = found[limit - 1]?.updatedId;
      return (last === undefined ? found : found.filter((document) => document.updatedId <= last)).map(toMessage);
    });
  }

  page(
    channelId: ChannelId,
    range: { readonly before?: MessageId; readonly after?: MessageId; readonly limit: number },
  ): Promise<readonly Message[]> {
    const { before = END, after, limit } = range;
    const inside = { $gt: documentId(channelId, after ?? ''), $lt: documentId(channelId, before) };
    return guarded(async () => {
      const filter: Filter<MessageDocument> = { channelId, _id: inside, voided: false };
      const newestFirst = after === undefined;
      const found = await this.#messages
        .find(filter)
        .sort({ _id: newestFirst ? -1 : 1 })
        .limit(limit)
        .toArray();
      return (newestFirst ? found.reverse() : found).map(toMessage);
    });
  }

  getMany(channelId: ChannelId, ids: readonly MessageId[]): Promise<readonly Message[]> {
    const keys = ids.map((id) => documentId(channelId, id));
    return guarded(async () => (await this.#messages.find({ channelId, _id: { $in: keys } }).toArray()).map(toMessage));
  }

  findByClientId(channelId: ChannelId, senderId: UserId, clientId: ClientId): Promise<Message | undefined> {
    const claim = claimOf({ id: NO_EVENT, senderId, clientId, voided: false });
    return guarded(async () => {
      const found = await this.#messages.findOne({ channelId, claim });
      return found === null ? undefined : toMessage(found);
    });
  }

  /** A look-up for each, side by side: each reads one entry of the index. */
  lastEventIds(channelIds: readonly ChannelId[]): Promise<readonly EventId[]> {
    return guarded(() => Promise.all(channelIds.map((channelId) => this.#lastEventId(channelId))));
  }

  ping(): Promise<void> {
    return guarded(async () => {
      await this.#client.db('admin').command({ ping: 1 });
    });
  }

  close(): Promise<void> {
    return guarded(() => this.#client.close());
  }

  async #lastEventId(channelId: ChannelId): Promise<EventId> {
    const [newest] = await this.#messages.find({ channelId }).sort({ updatedId: -1, _id: -1 }).limit(1).toArray();
    return newest?.updatedId ?? NO_EVENT;
  }

  /** Before the first write, not at the start: a process must be able to start while the store is away. */
  #ensureIndexes(): Promise<void> {
    this.#indexes ??= createIndexes(this.#messages).catch((error: unknown) => {
      this.#indexes = undefined;
      throw error;
    });
    return this.#indexes;
  }
}

/** A ChatError instead of a driver error, and an end to waiting. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ChatError('TIMEOUT')), CALL_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    clearTimeout(timer);
  }
}
