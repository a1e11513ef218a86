import type Sqlite from 'better-sqlite3';
import { applyEvent, changesParent, firstState, messageFromEvent, targetOf, withComments, type ChatEvent } from '../../domain/events.js';
import { NO_EVENT, type ChannelId, type ClientId, type EventId, type MessageId, type UserId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ApplyResult, MessageStore } from '../../ports/message-store.js';
import { openMessageDatabase } from './message-database.js';
import { toMessage, toPlainValues, toValues, type MessageRow } from './message-row.js';
import { prepareStatements, type MessageStatements } from './message-statements.js';

/** Larger than every id: ids are upper case. */
const END = '~';

/** Comments' parents that a call has to recount, with the newest event about a comment of each. */
type TouchedParents = Map<string, { readonly channelId: ChannelId; readonly parentId: MessageId; readonly eventId: EventId }>;

interface Outcome {
  readonly conflicts: { event: ChatEvent; winnerId: MessageId }[];
  readonly orphans: ChatEvent[];
  readonly touched: TouchedParents;
}

/** Opens or creates the file; several processes may share it, each call of `apply` is one transaction. */
export function openSqliteMessageStore(path: string): SqliteMessageStore {
  return new SqliteMessageStore(openMessageDatabase(path));
}

/** Messages in one SQLite file. better-sqlite3 is synchronous: a call blocks its process while it runs. */
export class SqliteMessageStore implements MessageStore {
  readonly #db: Sqlite.Database;
  readonly #sql: MessageStatements;
  readonly #applyAll: Sqlite.Transaction<(events: readonly ChatEvent[]) => ApplyResult>;

  constructor(db: Sqlite.Database) {
    this.#db = db;
    this.#sql = prepareStatements(db);
    this.#applyAll = db.transaction((events: readonly ChatEvent[]) => this.#applyInOrder(events));
  }

  apply(events: readonly ChatEvent[]): Promise<ApplyResult> {
    return translated(() => this.#applyAll.immediate(events));
  }

  changedAfter(channelId: ChannelId, after: EventId, limit: number): Promise<readonly Message[]> {
    return translated(() => {
      // One row more than asked for, because one event changes two messages at most.
      const fresh = this.#sql.freshAfter.all(channelId, after, limit + 1);
      const changed = this.#sql.changedAfter.all(channelId, after, limit + 1);
      const rows = [...fresh, ...changed].sort(byUpdate);
      const last = rows[limit - 1]?.updated_id;
      return (last === undefined ? rows : rows.filter((row) => row.updated_id <= last)).map(toMessage);
    });
  }

  page(
    channelId: ChannelId,
    range: { readonly before?: MessageId; readonly after?: MessageId; readonly limit: number },
  ): Promise<readonly Message[]> {
    const { before = END, after, limit } = range;
    return translated(() => {
      if (after !== undefined) return this.#sql.after.all(channelId, after, before, limit).map(toMessage);
      return this.#sql.before.all(channelId, NO_EVENT, before, limit).reverse().map(toMessage);
    });
  }

  getMany(channelId: ChannelId, ids: readonly MessageId[]): Promise<readonly Message[]> {
    return translated(() => this.#sql.findMany.all(channelId, JSON.stringify(ids)).map(toMessage));
  }

  findByClientId(channelId: ChannelId, senderId: UserId, clientId: ClientId): Promise<Message | undefined> {
    return translated(() => {
      const row = this.#sql.findByClient.get(channelId, senderId, clientId);
      return row === undefined ? undefined : toMessage(row);
    });
  }

  lastEventIds(channelIds: readonly ChannelId[]): Promise<readonly EventId[]> {
    return translated(() => this.#lastEventsOf(channelIds));
  }

  ping(): Promise<void> {
    return translated(() => void this.#sql.lastEvent.get('', ''));
  }

  close(): Promise<void> {
    return translated(() => void this.#db.close());
  }

  #lastEventsOf(channelIds: readonly ChannelId[]): readonly EventId[] {
    return channelIds.map((id) => (this.#sql.lastEvent.get(id, id)?.id ?? NO_EVENT) as EventId);
  }

  #applyInOrder(events: readonly ChatEvent[]): ApplyResult {
    const outcome: Outcome = { conflicts: [], orphans: [], touched: new Map() };
    // Channel by channel, each in its order: neighbours in the indexes are written one after the other (a quarter less CPU for large writes).
    for (const event of [...events].sort(byChannel)) this.#applyOne(event, outcome);
    for (const { channelId, parentId, eventId } of outcome.touched.values()) this.#recount(channelId, parentId, eventId);
    return { conflicts: outcome.conflicts, orphans: outcome.orphans };
  }

  #applyOne(event: ChatEvent, outcome: Outcome): void {
    if (event.type === 'message' && this.#insert(messageFromEvent(event), event, outcome)) return;
    const row = this.#sql.find.get(event.channelId, targetOf(event));
    if (row === undefined) this.#applyToNothing(event, outcome);
    else this.#replace(applyEvent(toMessage(row), event), event, outcome);
  }

  /** The hot path: one statement for a new message. */
  #insert(message: Message, event: ChatEvent, outcome: Outcome): boolean {
    const plain = toPlainValues(message);
    const { changes } = plain === undefined ? this.#sql.insert.run(toValues(message)) : this.#sql.insertPlain.run(plain);
    if (changes === 0) return false;
    touchParent(message, event, outcome);
    return true;
  }

  #replace(message: Message, event: ChatEvent, outcome: Outcome): void {
    this.#sql.replace.run(toValues(message));
    touchParent(message, event, outcome);
  }

  #applyToNothing(event: ChatEvent, outcome: Outcome): void {
    if (event.type === 'message') {
      // Its id is free and it was not inserted: its client id is taken.
      const winner = this.#sql.findByClient.get(event.channelId, event.senderId, event.clientId);
      if (winner === undefined) throw new ChatError('INTERNAL', { details: { reason: 'insert refused without a winner' } });
      outcome.conflicts.push({ event, winnerId: winner.id });
      return;
    }
    const tombstone = firstState(event);
    if (tombstone === undefined) outcome.orphans.push(event);
    else this.#replace(tombstone, event, outcome);
  }

  #recount(channelId: ChannelId, parentId: MessageId, eventId: EventId): void {
    const parent = this.#sql.find.get(channelId, parentId);
    if (parent === undefined) return;
    const count = this.#sql.countComments.get(channelId, parentId)?.count ?? 0;
    const last = this.#sql.lastComment.get(channelId, parentId);
    const comments = { count, last: last === undefined ? undefined : toMessage(last) };
    this.#sql.replace.run(toValues(withComments(toMessage(parent), comments, eventId)));
  }
}

function byChannel(a: ChatEvent, b: ChatEvent): number {
  return a.channelId === b.channelId ? 0 : a.channelId < b.channelId ? -1 : 1;
}

function byUpdate(a: MessageRow, b: MessageRow): number {
  return a.updated_id === b.updated_id ? (a.id < b.id ? -1 : 1) : a.updated_id < b.updated_id ? -1 : 1;
}

function touchParent(message: Message, event: ChatEvent, { touched }: Outcome): void {
  if (message.parentId === undefined || !changesParent(event)) return;
  const { channelId, parentId } = message;
  const key = channelId + parentId;
  const before = touched.get(key)?.eventId ?? NO_EVENT;
  touched.set(key, { channelId, parentId, eventId: event.id > before ? event.id : before });
}

const DOWN = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|FULL|READONLY|NOTADB|CORRUPT)/;

/** A rejection instead of a throw, a ChatError instead of a SqliteError. */
async function translated<T>(work: () => T): Promise<T> {
  try {
    return await Promise.resolve(work());
  } catch (error) {
    if (error instanceof ChatError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const closed = error instanceof TypeError && error.message.includes('not open');
    throw new ChatError(closed || DOWN.test(code) ? 'UNAVAILABLE' : 'INTERNAL', { cause: error });
  }
}
