import type { AnyBulkWriteOperation } from 'mongodb';
import { withComments, type ChatEvent } from '../../domain/events.js';
import type { EventId, MessageId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ApplyResult } from '../../ports/message-store.js';
import { foldGroup, groupByMessage, newestForParent, type EventGroup, type FoldedGroup } from './event-group.js';
import type { MessageCollection } from './message-collection.js';
import { changeableFields, claimOf, documentId, toDocument, toMessage, type MessageDocument } from './message-document.js';
import { duplicatesIn } from './mongo-errors.js';

/** Optimistic tries; the archiver is the only writer of a channel, so that one is the rule. */
const TRIES = 5;

/**
 * Applies a batch. New messages go in with one unordered insert; whatever that refuses, and every change, is read, folded
 * and written back if nobody wrote in between. Each step may run again at any point: a redelivered batch ends the same.
 */
export async function applyEvents(messages: MessageCollection, events: readonly ChatEvent[]): Promise<ApplyResult> {
  const groups = groupByMessage(events);
  const { inserted, rest } = await insertNew(messages, groups);
  const folded = await writeChanges(messages, rest);
  await recountComments(messages, touchedParents([...inserted, ...folded]));
  const results = folded.map(({ result }) => result);
  return { conflicts: results.flatMap((r) => r.conflicts), orphans: results.flatMap((r) => r.orphans) };
}

interface Applied {
  readonly group: EventGroup;
  readonly result: FoldedGroup;
}

/** Of two new messages with the same client id, the first is tried here and the other one goes with the rest. */
async function insertNew(
  messages: MessageCollection,
  groups: readonly EventGroup[],
): Promise<{ readonly inserted: readonly Applied[]; readonly rest: readonly EventGroup[] }> {
  const fresh: { group: EventGroup; result: FoldedGroup; document: MessageDocument }[] = [];
  const claims = new Set<string>();
  for (const group of groups) {
    const result = group.events[0]?.type === 'message' ? foldGroup(group, undefined, undefined) : undefined;
    const claim = result?.message && group.channelId + claimOf(result.message);
    if (result?.message === undefined || claim === undefined || claims.has(claim)) continue;
    claims.add(claim);
    fresh.push({ group, result, document: toDocument(result.message) });
  }
  const refused = await insertUnordered(
    messages,
    fresh.map(({ document }) => document),
  );
  const inserted = fresh.filter((_, index) => !refused.has(index));
  const done = new Set(inserted.map(({ group }) => group));
  return { inserted, rest: groups.filter((group) => !done.has(group)) };
}

/** The indexes of what was not inserted. */
async function insertUnordered(messages: MessageCollection, documents: readonly MessageDocument[]): Promise<ReadonlySet<number>> {
  if (documents.length === 0) return new Set();
  try {
    await messages.insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    return new Set(duplicatesIn(error));
  }
}

/**
 * Writes even what an event did not change: an earlier try may have written it without hearing that it is durable, and a
 * write that comes after it and is acknowledged proves both.
 */
async function writeChanges(messages: MessageCollection, groups: readonly EventGroup[]): Promise<readonly Applied[]> {
  if (groups.length === 0) return [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const stored = await findDocuments(messages, groups);
    const winners = await findWinners(
      messages,
      groups.filter((group) => !stored.has(group._id)),
    );
    const applied = groups.map((group) => {
      const document = stored.get(group._id);
      return { group, result: foldGroup(group, document && toMessage(document), winners.get(group._id)) };
    });
    const writes = applied.flatMap(({ group, result }) =>
      result.message === undefined ? [] : [writeOf(result.message, stored.get(group._id)?.rev)],
    );
    if (await writeAll(messages, writes)) return applied;
  }
  throw new ChatError('UNAVAILABLE', { details: { reason: 'another writer changes the same messages' } });
}

/** A new document, or a change of the revision that was read. */
function writeOf(message: Message, rev: number | undefined): AnyBulkWriteOperation<MessageDocument> {
  if (rev === undefined) return { insertOne: { document: toDocument(message) } };
  const filter = { _id: documentId(message.channelId, message.id), channelId: message.channelId, rev };
  return { updateOne: { filter, update: { $set: changeableFields(message), $inc: { rev: 1 } } } };
}

/** False when some write found that another one had come first. */
async function writeAll(messages: MessageCollection, writes: readonly AnyBulkWriteOperation<MessageDocument>[]): Promise<boolean> {
  if (writes.length === 0) return true;
  try {
    const { insertedCount, matchedCount } = await messages.bulkWrite(writes, { ordered: false });
    return insertedCount + matchedCount === writes.length;
  } catch (error) {
    return duplicatesIn(error).length === 0;
  }
}

async function findDocuments(
  messages: MessageCollection,
  groups: readonly Pick<EventGroup, '_id' | 'channelId'>[],
): Promise<ReadonlyMap<string, MessageDocument>> {
  const channelIds = [...new Set(groups.map((group) => group.channelId))];
  const found = await messages.find({ channelId: { $in: channelIds }, _id: { $in: groups.map((group) => group._id) } }).toArray();
  return new Map(found.map((document) => [document._id, document]));
}

/** For each group whose message is not stored: the message that holds its client id. */
async function findWinners(messages: MessageCollection, groups: readonly EventGroup[]): Promise<ReadonlyMap<string, MessageId>> {
  const claims = new Map<string, string>();
  for (const group of groups) {
    const event = group.events.find((candidate) => candidate.type === 'message');
    if (event !== undefined) claims.set(group._id, claimOf({ ...event, voided: false }));
  }
  if (claims.size === 0) return new Map();
  const channelIds = [...new Set(groups.map((group) => group.channelId))];
  const found = await messages.find({ channelId: { $in: channelIds }, claim: { $in: [...new Set(claims.values())] } }).toArray();
  const holders = new Map(found.map((document) => [document.channelId + document.claim, document.id]));
  return new Map(
    groups.flatMap((group) => {
      const winner = holders.get(group.channelId + (claims.get(group._id) ?? ''));
      return winner === undefined ? [] : [[group._id, winner] as const];
    }),
  );
}

type TouchedParents = ReadonlyMap<string, { readonly _id: string; readonly channelId: Message['channelId']; readonly eventId: EventId }>;

function touchedParents(applied: readonly Applied[]): TouchedParents {
  const touched = new Map<string, { _id: string; channelId: Message['channelId']; eventId: EventId }>();
  for (const { group, result } of applied) {
    const eventId = newestForParent(group);
    if (result.message?.parentId === undefined || eventId === '') continue;
    const _id = documentId(group.channelId, result.message.parentId);
    const before = touched.get(_id)?.eventId ?? '';
    touched.set(_id, { _id, channelId: group.channelId, eventId: eventId > before ? eventId : (before as EventId) });
  }
  return touched;
}

/** Counts instead of adding one: a crash between a comment and its parent, or a redelivery, leaves nothing to repair. */
async function recountComments(messages: MessageCollection, touched: TouchedParents): Promise<void> {
  if (touched.size === 0) return;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const parents = await findDocuments(messages, [...touched.values()]);
    const writes = await Promise.all(
      [...parents.values()].map(async (parent) => {
        const comments = await summarize(messages, parent);
        const eventId = touched.get(parent._id)?.eventId ?? parent.updatedId;
        return writeOf(withComments(toMessage(parent), comments, eventId), parent.rev);
      }),
    );
    if (await writeAll(messages, writes)) return;
  }
  throw new ChatError('UNAVAILABLE', { details: { reason: 'another writer changes the same messages' } });
}

async function summarize(
  messages: MessageCollection,
  parent: MessageDocument,
): Promise<{ readonly count: number; readonly last: Message | undefined }> {
  const thread = { channelId: parent.channelId, parentId: parent.id, deleted: false, voided: false };
  const [count, [last]] = await Promise.all([messages.countDocuments(thread), messages.find(thread).sort({ _id: -1 }).limit(1).toArray()]);
  return { count, last: last && toMessage(last) };
}
