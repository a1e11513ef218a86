import { MongoServerError, type Collection } from 'mongodb';
import type { MessageDocument } from './message-document.js';
import { NOT_IMPLEMENTED } from './mongo-errors.js';

export type MessageCollection = Collection<MessageDocument>;

/**
 * Indexes of the collection, each starting with the shard key `channelId`: unique (channel, sender and client id), changes
 * in order, and a thread's comments that count. Creating what exists does nothing.
 */
export async function createIndexes(messages: MessageCollection): Promise<void> {
  await messages.createIndex({ channelId: 1, claim: 1 }, { unique: true }, undefined);
  await messages.createIndex({ channelId: 1, updatedId: 1, _id: 1 }, undefined, undefined);
  const thread = { channelId: 1, parentId: 1, deleted: 1, voided: 1, _id: 1 } as const;
  try {
    await messages.createIndex(thread, { partialFilterExpression: { parentId: { $exists: true } } }, undefined);
  } catch (error) {
    // FerretDB has no partial indexes; there it covers every message.
    if (!(error instanceof MongoServerError) || error.code !== NOT_IMPLEMENTED) throw error;
    await messages.createIndex(thread, undefined, undefined);
  }
}
