import type Sqlite from 'better-sqlite3';
import type { ChannelId, ClientId, EventId, MessageId, UserId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';

/** A message as it is kept in a run: all else of it has its default, and `updatedId` is `id`. */
type Kept = readonly [id: EventId, prev: EventId, senderId: UserId, clientId: ClientId, createdAt: string, content: string];

interface RunRow {
  readonly rowid: number;
  readonly body: string;
}

/** Client ids of one sender that differ in their last character: each of those, and the id of its message. */
interface Claim {
  readonly senderId: UserId;
  readonly head: string;
  ids: string;
}

const MOST_MESSAGES = 32;
const MOST_CHARS = 16 * 1024;
const ID_LENGTH = 13;
const CLAIM_LENGTH = ID_LENGTH + 1;
const MAX_KNOWN = 200_000;

/**
 * Messages of a channel that were written together, have nothing but their text and have not been changed since: many in one row, and client ids that
 * differ in their last character in one row as well, because what a row and its keys cost is paid by row (docs/adr/0004-sqlite-embedded-default.md).
 * Runs of a channel follow one another: every id of one is smaller than every id of the next. A message that changes is taken out, and is a row of
 * `messages` from then on, with its client id; so each message is in one of the two tables. Called within the caller's transactions.
 */
export class MessageRuns {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #leastPerClaim: number;
  readonly #db: Sqlite.Database;
  /** Channels without claims, as long as only this connection has written. */
  readonly #without = new Set<ChannelId>();
  #version: unknown;

  /** `leastPerClaim`: messages by each row of client ids, on average, from which on a run pays. */
  constructor(db: Sqlite.Database, leastPerClaim: number) {
    this.#db = db;
    this.#sql = prepare(db);
    this.#leastPerClaim = leastPerClaim;
  }

  /** A transaction that writes has begun. */
  begin(): void {
    // Of another connection's writes: https://www.sqlite.org/pragma.html#pragma_data_version
    const version = this.#db.pragma('data_version', { simple: true });
    if (version !== this.#version) this.#without.clear();
    this.#version = version;
  }

  /**
   * Fresh messages of one channel with nothing but their text, ascending. False, and nothing is stored, when that does not pay, or cannot be said without
   * looking at each: something of theirs may be stored already, or they come late.
   */
  insert(messages: readonly Message[]): boolean {
    const [first, last] = [messages[0], messages.at(-1)];
    if (first === undefined || last === undefined || messages.length < this.#leastPerClaim) return false;
    const { channelId } = first;
    const claims = claimsOf(messages);
    if (claims === undefined || messages.length < claims.length * this.#leastPerClaim) return false;
    const lastId = this.#sql.lastId.get(channelId);
    if (lastId !== undefined && lastId >= first.id) return false;
    if (this.#sql.anyBetween.get(channelId, first.id, last.id) !== undefined) return false;
    const held = claims.map((claim) => this.#free(channelId, claim));
    if (held.includes(undefined)) return false;
    for (const run of cut(messages)) this.#sql.insert.run(channelId, run.at(-1)?.id ?? '', run.length, JSON.stringify(run.map(toKept)));
    this.#without.delete(channelId);
    claims.forEach((claim, i) => this.#writeClaim(channelId, claim, (held[i] ?? '') + claim.ids));
    return true;
  }

  find(channelId: ChannelId, id: MessageId): Message | undefined {
    return this.#holding(channelId, id)?.messages.find((message) => message.id === id);
  }

  /** Out of its run, for a row of its own. */
  take(channelId: ChannelId, id: MessageId): Message | undefined {
    const run = this.#holding(channelId, id);
    const message = run?.messages.find((held) => held.id === id);
    if (run === undefined || message === undefined) return undefined;
    const rest = run.messages.filter((held) => held !== message);
    if (rest.length === 0) this.#sql.remove.run(run.rowid);
    else this.#sql.update.run(rest.length, JSON.stringify(rest.map(toKept)), run.rowid);
    const { senderId, clientId } = message;
    const [head, tail] = split(clientId);
    const others = parts(this.#sql.claim.get(channelId, senderId, head) ?? '').filter((part) => tailOf(part) !== tail);
    this.#writeClaim(channelId, { senderId, head }, others.join(''));
    return message;
  }

  /** Those that are held, in any order. */
  findMany(channelId: ChannelId, ids: readonly MessageId[]): Message[] {
    const found: Message[] = [];
    let run: readonly Message[] = [];
    for (const id of [...ids].sort()) {
      if (!(id <= (run.at(-1)?.id ?? ''))) run = this.#holding(channelId, id)?.messages ?? [];
      const message = run.find((held) => held.id === id);
      if (message !== undefined) found.push(message);
    }
    return found;
  }

  /** The message that has the client id. */
  claimant(channelId: ChannelId, senderId: UserId, clientId: ClientId): MessageId | undefined {
    const [head, tail] = split(clientId);
    const part = parts(this.#sql.claim.get(channelId, senderId, head) ?? '').find((held) => tailOf(held) === tail);
    return part?.slice(1) as MessageId | undefined;
  }

  /** Whether a message in a run has its client id; it itself, when it is in one. Between `begin` and the end of its transaction. */
  isTaken({ channelId, senderId, clientId }: Message): boolean {
    if (this.#without.has(channelId)) return false;
    if (this.#sql.anyClaim.get(channelId) !== undefined) return this.claimant(channelId, senderId, clientId) !== undefined;
    if (this.#without.size >= MAX_KNOWN) this.#without.clear();
    this.#without.add(channelId);
    return false;
  }

  /** Ascending, between two ids (exclusive); the oldest. */
  after(channelId: ChannelId, range: { readonly after: string; readonly before: string; readonly limit: number }): Message[] {
    const found: Message[] = [];
    for (const body of this.#sql.after.iterate(channelId, range.after)) {
      for (const message of toMessages(channelId, body)) {
        if (found.length >= range.limit || message.id >= range.before) return found;
        if (message.id > range.after) found.push(message);
      }
    }
    return found;
  }

  /** Ascending, before an id (exclusive); the newest. */
  before(channelId: ChannelId, before: string, limit: number): Message[] {
    const found: Message[] = [];
    const around = this.#holding(channelId, before)?.messages ?? [];
    for (const message of around.toReversed()) if (message.id < before && found.length < limit) found.push(message);
    if (found.length >= limit) return found.reverse();
    for (const body of this.#sql.before.iterate(channelId, before)) {
      for (const message of toMessages(channelId, body).reverse()) {
        found.push(message);
        if (found.length >= limit) return found.reverse();
      }
    }
    return found.reverse();
  }

  /** Not smaller than the newest message of the runs, and no event that has not been. */
  lastId(channelId: ChannelId): EventId | undefined {
    return this.#sql.lastId.get(channelId);
  }

  /** What is held under the claim so far; undefined when one of its client ids may be taken. */
  #free(channelId: ChannelId, { senderId, head, ids }: Claim): string | undefined {
    const tails = parts(ids).map(tailOf).sort();
    const held = this.#sql.claim.get(channelId, senderId, head) ?? '';
    if (parts(held).some((part) => tails.includes(tailOf(part)))) return undefined;
    const [first = '', last = ''] = [tails[0], tails.at(-1)];
    return this.#sql.anyClient.get(channelId, senderId, head + first, head + last) === undefined ? held : undefined;
  }

  #writeClaim(channelId: ChannelId, { senderId, head }: Pick<Claim, 'senderId' | 'head'>, ids: string): void {
    if (ids === '') this.#sql.unclaim.run(channelId, senderId, head);
    else this.#sql.writeClaim.run(channelId, senderId, head, ids);
  }

  #holding(channelId: ChannelId, id: string): { readonly rowid: number; readonly messages: readonly Message[] } | undefined {
    const row = this.#sql.holding.get(channelId, id);
    return row === undefined ? undefined : { rowid: row.rowid, messages: toMessages(channelId, row.body) };
  }
}

function prepare(db: Sqlite.Database) {
  const run = 'from runs where channel_id = ?';
  return {
    insert: db.prepare<[string, string, number, string]>('insert into runs (channel_id, last_id, messages, body) values (?, ?, ?, ?)'),
    update: db.prepare<[number, string, number]>('update runs set messages = ?, body = ? where rowid = ?'),
    remove: db.prepare<[rowid: number]>('delete from runs where rowid = ?'),
    lastId: db.prepare<[string], EventId>(`select last_id ${run} order by last_id desc limit 1`).pluck(),
    holding: db.prepare<[channelId: string, id: string], RunRow>(`select rowid, body ${run} and last_id >= ? order by last_id limit 1`),
    after: db.prepare<[string, string], string>(`select body ${run} and last_id > ? order by last_id`).pluck(),
    before: db.prepare<[string, string], string>(`select body ${run} and last_id < ? order by last_id desc`).pluck(),
    anyBetween: db.prepare<[channelId: string, from: string, to: string]>(
      'select 1 from messages where channel_id = ? and id between ? and ? limit 1',
    ),
    anyClient: db.prepare<[channelId: string, senderId: string, from: string, to: string]>(
      'select 1 from messages where channel_id = ? and sender_id = ? and client_id between ? and ? and voided = 0 limit 1',
    ),
    anyClaim: db.prepare<[channelId: string]>('select 1 from claims where channel_id = ? limit 1'),
    claim: db
      .prepare<[string, string, string], string>('select ids from claims where channel_id = ? and sender_id = ? and head = ?')
      .pluck(),
    writeClaim: db.prepare<[string, string, string, string]>(
      'insert into claims (channel_id, sender_id, head, ids) values (?, ?, ?, ?) on conflict do update set ids = excluded.ids',
    ),
    unclaim: db.prepare<[string, string, string]>('delete from claims where channel_id = ? and sender_id = ? and head = ?'),
  };
}

function* cut(messages: readonly Message[]): Generator<readonly Message[]> {
  let run: Message[] = [];
  let chars = 0;
  for (const message of messages) {
    if (run.length >= MOST_MESSAGES || (run.length > 0 && chars + message.content.length > MOST_CHARS)) {
      yield run;
      run = [];
      chars = 0;
    }
    run.push(message);
    chars += message.content.length;
  }
  yield run;
}

/** Undefined when a client id is there twice. */
function claimsOf(messages: readonly Message[]): readonly Claim[] | undefined {
  const claims = new Map<string, Claim>();
  for (const { id, senderId, clientId } of messages) {
    const [head, tail] = split(clientId);
    const claim = claims.get(senderId + head);
    if (claim === undefined) claims.set(senderId + head, { senderId, head, ids: tail + id });
    else if (parts(claim.ids).some((part) => tailOf(part) === tail)) return undefined;
    else claim.ids += tail + id;
  }
  return [...claims.values()];
}

function split(clientId: string): readonly [head: string, tail: string] {
  return [clientId.slice(0, -1), clientId.slice(-1)];
}

function tailOf(part: string): string {
  return part.slice(0, 1);
}

/** Each a last character and an id. */
function parts(ids: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < ids.length; at += CLAIM_LENGTH) found.push(ids.slice(at, at + CLAIM_LENGTH));
  return found;
}

function toKept({ id, prev, senderId, clientId, createdAt, content }: Message): Kept {
  return [id, prev, senderId, clientId, createdAt, content];
}

function toMessages(channelId: ChannelId, body: string): Message[] {
  return (JSON.parse(body) as Kept[]).map(([id, prev, senderId, clientId, createdAt, content]) => ({
    ...{ id, prev, updatedId: id, channelId, senderId, clientId, createdAt, content },
    ...{ mentions: [], edited: false, deleted: false, voided: false, reactions: [], attachments: [] },
  }));
}
