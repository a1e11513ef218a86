/**
 * Identifiers. Every id is a 64-bit TSID written as 13 Crockford base32 characters, so that string order is
 * id order in JavaScript, Lua, SQL and MongoDB alike. Layout: 42 bits of milliseconds since {@link ID_EPOCH_MS},
 * 10 bits of node number, 12 bits of counter. See docs/adr/0002-ids-and-prev.md.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Branded<'UserId'>;
export type TeamId = Branded<'TeamId'>;
export type ChannelId = Branded<'ChannelId'>;
export type DeviceId = Branded<'DeviceId'>;
/** The id of an event in a channel's chain; a message's first event has the message's own id. */
export type EventId = Branded<'EventId'>;
export type MessageId = EventId;
/** Operator-chosen name of a chat server, such as `server2`. */
export type ServerId = Branded<'ServerId'>;
/** One life of a server process or of a session: never used twice. */
export type SessionId = Branded<'SessionId'>;
/** Chosen by the sender; (sender, clientId) names one message of a channel for ever. */
export type ClientId = Branded<'ClientId'>;

/** 2020-01-01T00:00:00Z */
export const ID_EPOCH_MS = 1_577_836_800_000;
export const ID_LENGTH = 13;
export const ID_PATTERN = /^[0-9A-F][0-9A-HJKMNP-TV-Z]{12}$/;
export const MAX_NODE = 1023;
/** Smaller than every id: "from the beginning". */
export const NO_EVENT = '' as EventId;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const COUNTER_SPAN = 4096;
/** Of an id: those that tell the time to 8 ms. */
const HIGH_CHARS = 8;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length === ID_LENGTH && ID_PATTERN.test(value);
}

/** Milliseconds since the Unix epoch at which the id was made, by its maker's clock. */
export function idTime(id: string): number {
  let high = 0;
  for (let i = 0; i < 8; i++) high = high * 32 + ALPHABET.indexOf(id[i] as string);
  return ID_EPOCH_MS + high * 8 + (ALPHABET.indexOf(id[8] as string) >> 2);
}

/** The id with the given parts; pure. 8 characters hold ms / 8, the last 5 hold ms % 8, node and counter. */
export function formatId(ms: number, node: number, counter: number): string {
  const since = ms - ID_EPOCH_MS;
  const high = Math.floor(since / 8);
  if (high !== lastHigh) {
    lastHigh = high;
    writeBase32(high, HIGH_CHARS, 0);
  }
  writeBase32((since % 8) * 4_194_304 + node * COUNTER_SPAN + counter, ID_LENGTH - HIGH_CHARS, HIGH_CHARS);
  return String.fromCharCode.apply(undefined, codes);
}

/** An id that is smaller than this one and every other of its millisecond, and larger than all before. */
export function idBefore(id: EventId): EventId {
  const ms = idTime(id) - 1;
  return ms < ID_EPOCH_MS ? NO_EVENT : (formatId(ms, MAX_NODE, COUNTER_SPAN - 1) as EventId);
}

/** Larger than this id and every other of the same 8 milliseconds, smaller than all later ones. */
export function idSlotEnd(id: EventId): string {
  return `${id.slice(0, HIGH_CHARS)}~`;
}

/** Of the last id. Ids are made many in a row, and share their first characters for 8 ms. One call with all of them makes a text of one piece. */
const codes = Array.from({ length: ID_LENGTH }, () => 0);
let lastHigh = Number.NaN;

function writeBase32(value: number, width: number, at: number): void {
  let rest = value;
  for (let i = at + width - 1; i >= at; i--) {
    codes[i] = ALPHABET.charCodeAt(rest % 32);
    rest = Math.floor(rest / 32);
  }
}

/**
 * Makes increasing ids on one node: a hybrid logical clock. It follows the wall clock while that runs ahead of every
 * id seen, and counts on from the largest id seen when it does not, so that a clock set back never makes a smaller id.
 */
export class IdClock {
  #ms = 0;
  #counter = 0;
  #node: number;
  readonly #now: () => number;

  constructor(options: { node: number; now: () => number }) {
    this.#node = options.node;
    this.#now = options.now;
  }

  /** The node number changes when its lease was lost and another one was taken. */
  set node(node: number) {
    this.#node = node;
  }

  /** The caller says what the id is for by a cast, e.g. `clock.next() as EventId`. */
  next(): string {
    this.#advance(this.#now());
    return formatId(this.#ms, this.#node, this.#counter);
  }

  /** Moves the clock so far that the next id is larger than what nodes have made until now whose clocks are ahead by less; an id before that one. */
  leap(aheadMs: number): string {
    const ms = this.#now() + aheadMs;
    if (ms > this.#ms) {
      this.#ms = ms;
      this.#counter = 0;
    }
    return formatId(this.#ms, this.#node, this.#counter);
  }

  /** Moves the clock past an id made elsewhere: the next id is larger. */
  observe(id: string): void {
    if (id === NO_EVENT) return;
    const ms = idTime(id);
    if (ms < this.#ms) return;
    this.#ms = ms + 1;
    this.#counter = 0;
  }

  #advance(now: number): void {
    if (now > this.#ms) {
      this.#ms = now;
      this.#counter = 0;
    } else if (++this.#counter === COUNTER_SPAN) {
      this.#ms += 1;
      this.#counter = 0;
    }
  }
}
