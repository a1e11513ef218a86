import type Sqlite from 'better-sqlite3';
import { applyEvent, changesParent, firstState, messageFromEvent, targetOf, withComments, type ChatEvent } from '../../domain/events.js';
import { NO_EVENT, type ChannelId, type ClientId, type EventId, type MessageId, type UserId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ApplyResult, MessageStore } from '../../ports/message-store.js';
import { openMessageDatabase } from './message-database.js';
import { isPlain, toMessage, toPlainValues, toValues } from './message-row.js';
import { MessageRuns } from './message-runs.js';
import { prepareStatements, type MessageStatements } from './message-statements.js';

/** Larger than every id: ids are upper case. */
const END = '~';
/** With fewer, a run costs more than a row for each message. */
const LEAST_PER_CLAIM = 3;

/** Comments' parents that a call has to recount, with the newest event about a comment of each. */
type TouchedParents = Map<string, { readonly channelId: ChannelId; readonly parentId: MessageId; readonly eventId: EventId }>;

interface Outcome {
  readonly conflicts: { event: ChatEvent; winnerId: MessageId }[];
  readonly orphans: ChatEvent[];
  readonly touched: TouchedParents;
}

/** Opens or creates the file; several processes may share it, each call of `apply` is one transaction. */
export function openSqliteMessageStore(path: string, options: SqliteMessageStoreOptions = {}): SqliteMessageStore {
  return new SqliteMessageStore(openMessageDatabase(path), options);
}

export interface SqliteMessageStoreOptions {
  /** Messages of one call and channel are kept together from so many on by each row of client ids, on average; default 3. */
  readonly leastPerClaim?: number;
}

/** Messages in one SQLite file. better-sqlite3 is synchronous: a call blocks its process while it runs. */
export class SqliteMessageStore implements MessageStore {
  readonly #db: Sqlite.Database;
  readonly #sql: MessageStatements;
  readonly #runs: MessageRuns;
  readonly #applyAll: Sqlite.Transaction<(events: readonly ChatEvent[]) => ApplyResult>;

  constructor(db: Sqlite.Database, { leastPerClaim = LEAST_PER_CLAIM }: SqliteMessageStoreOptions = {}) {
    this.#db = db;
    this.#sql = prepareStatements(db);
    this.#runs = new MessageRuns(db, leastPerClaim);
    this.#applyAll = db.transaction((events: readonly ChatEvent[]) => this.#applyInOrder(events));
  }

  apply(events: readonly ChatEvent[]): Promise<ApplyResult> {
    return translated(() => this.#applyAll.immediate(events));
  }

  changedAfter(channelId: ChannelId, after: EventId, limit: number): Promise<readonly Message[]> {
    return this.#read(() => {
      // One message more than asked for, because one event changes two messages at most.
      const fresh = this.#sql.freshAfter.all(channelId, after, limit + 1).map(toMessage);
      const kept = this.#runs.after(channelId, { after, before: END, limit: limit + 1 });
      const changed = this.#sql.changedAfter.all(channelId, after, limit + 1).map(toMessage);
      const found = [...[...fresh, ...kept].sort(byId).slice(0, limit + 1), ...changed].sort(byUpdate);
      const last = found[limit - 1]?.updatedId;
      return last === undefined ? found : found.filter((message) => message.updatedId <= last);
    });
  }

  page(
    channelId: ChannelId,
    range: { readonly before?: MessageId; readonly after?: MessageId; readonly limit: number },
  ): Promise<readonly Message[]> {
    const { before = END, after, limit } = range;
    return this.#read(() => {
      if (after !== undefined) {
        const rows = this.#sql.after.all(channelId, after, before, limit).map(toMessage);
        return [...rows, ...this.#runs.after(channelId, { after, before, limit })].sort(byId).slice(0, limit);
      }
      const rows = this.#sql.before.all(channelId, NO_EVENT, before, limit).map(toMessage);
      return [...rows, ...this.#runs.before(channelId, before, limit)].sort(byId).slice(-limit);
    });
  }

  getMany(channelId: ChannelId, ids: readonly MessageId[]): Promise<readonly Message[]> {
    return this.#read(() => {
      const rows = this.#sql.findMany.all(channelId, JSON.stringify(ids)).map(toMessage);
      const found = new Set(rows.map(({ id }) => id));
      return [
        ...rows,
        ...this.#runs.findMany(
          channelId,
          ids.filter((id) => !found.has(id)),
        ),
      ];
    });
  }

  findByClientId(channelId: ChannelId, senderId: UserId, clientId: ClientId): Promise<Message | undefined> {
    return this.#read(() => {
      const row = this.#sql.findByClient.get(channelId, senderId, clientId);
      if (row !== undefined) return toMessage(row);
      const id = this.#runs.claimant(channelId, senderId, clientId);
      return id === undefined ? undefined : this.#runs.find(channelId, id);
    });
  }

  lastEventIds(channelIds: readonly ChannelId[]): Promise<readonly EventId[]> {
    return this.#read(() => this.#lastEventsOf(channelIds));
  }

  ping(): Promise<void> {
    return translated(() => void this.#sql.lastEvent.get('', ''));
  }

  close(): Promise<void> {
    return translated(() => void this.#db.close());
  }

  /** Of one state of the file: another process may take a message out of a run meanwhile. */
  #read<T>(work: () => T): Promise<T> {
    return translated(() => this.#db.transaction(work)());
  }

  #lastEventsOf(channelIds: readonly ChannelId[]): readonly EventId[] {
    return channelIds.map((id) => {
      const ofRows = this.#sql.lastEvent.get(id, id)?.id ?? NO_EVENT;
      const ofRuns = this.#runs.lastId(id) ?? NO_EVENT;
      return (ofRows > ofRuns ? ofRows : ofRuns) as EventId;
    });
  }

  #applyInOrder(events: readonly ChatEvent[]): ApplyResult {
    this.#runs.begin();
    const outcome: Outcome = { conflicts: [], orphans: [], touched: new Map() };
    // Channel by channel, each in its order: neighbours in the indexes are written one after the other (a quarter less CPU for large writes).
    const sorted = [...events].sort(byChannel);
    for (const { messages, part } of inParts(sorted)) {
      if (!this.#runs.insert(messages)) for (const event of part) this.#applyOne(event, outcome);
    }
    for (const { channelId, parentId, eventId } of outcome.touched.values()) this.#recount(channelId, parentId, eventId);
    return { conflicts: outcome.conflicts, orphans: outcome.orphans };
  }

  #applyOne(event: ChatEvent, outcome: Outcome): void {
    if (event.type === 'message' && this.#insert(messageFromEvent(event), event, outcome)) return;
    const { channelId } = event;
    const target = targetOf(event);
    const kept = this.#runs.find(channelId, target);
    // The same event once more.
    if (event.type === 'message' && kept !== undefined && event.id <= kept.updatedId) return;
    const message = this.#takeOut(channelId, target);
    if (message === undefined) this.#applyToNothing(event, outcome);
    else this.#replace(applyEvent(message, event), event, outcome);
  }

  /** To be changed, and written as a row. */
  #takeOut(channelId: ChannelId, id: MessageId): Message | undefined {
    const row = this.#sql.find.get(channelId, id);
    return row === undefined ? this.#runs.take(channelId, id) : toMessage(row);
  }

  /** The hot path: one statement for a new message. */
  #insert(message: Message, event: ChatEvent, outcome: Outcome): boolean {
    if (this.#runs.isTaken(message)) return false;
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
      const { channelId, senderId, clientId } = event;
      const winnerId = this.#sql.findByClient.get(channelId, senderId, clientId)?.id ?? this.#runs.claimant(channelId, senderId, clientId);
      if (winnerId === undefined) throw new ChatError('INTERNAL', { details: { reason: 'insert refused without a winner' } });
      outcome.conflicts.push({ event, winnerId });
      return;
    }
    const tombstone = firstState(event);
    if (tombstone === undefined) outcome.orphans.push(event);
    else this.#replace(tombstone, event, outcome);
  }

  #recount(channelId: ChannelId, parentId: MessageId, eventId: EventId): void {
    const parent = this.#takeOut(channelId, parentId);
    if (parent === undefined) return;
    const count = this.#sql.countComments.get(channelId, parentId)?.count ?? 0;
    const last = this.#sql.lastComment.get(channelId, parentId);
    const comments = { count, last: last === undefined ? undefined : toMessage(last) };
    this.#sql.replace.run(toValues(withComments(parent, comments, eventId)));
  }
}

function byChannel(a: ChatEvent, b: ChatEvent): number {
  return a.channelId === b.channelId ? 0 : a.channelId < b.channelId ? -1 : 1;
}

interface Part {
  readonly part: readonly ChatEvent[];
  /** Of all its events, when they may be kept together; else none. */
  readonly messages: readonly Message[];
}

/** Into parts of one event, or of messages that may be kept together: of one channel, ascending, with nothing but their text. */
function* inParts(events: readonly ChatEvent[]): Generator<Part> {
  let at = 0;
  while (at < events.length) {
    const isAlone = events[at]?.channelId !== events[at + 1]?.channelId;
    const messages = isAlone ? [] : plainMessages(events, at);
    const end = at + Math.max(1, messages.length);
    yield { part: events.slice(at, end), messages };
    at = end;
  }
}

function plainMessages(events: readonly ChatEvent[], start: number): readonly Message[] {
  const found: Message[] = [];
  const channelId = events[start]?.channelId;
  let last = '';
  for (let at = start; at < events.length; at++) {
    const event = events[at] as ChatEvent;
    if (event.channelId !== channelId || event.type !== 'message' || event.messageId !== undefined || event.id <= last) break;
    const message = messageFromEvent(event);
    if (!isPlain(message)) break;
    found.push(message);
    last = event.id;
  }
  return found;
}

function byId(a: Message, b: Message): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function byUpdate(a: Message, b: Message): number {
  return a.updatedId === b.updatedId ? byId(a, b) : a.updatedId < b.updatedId ? -1 : 1;
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
