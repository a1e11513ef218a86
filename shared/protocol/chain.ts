import { idTime, NO_EVENT, type EventId, type MessageId } from '../domain/ids.js';
import { LIMITS } from './limits.js';
import type { SyncedChannel } from './frames.js';
import { delay, FIRST_RETRY_MS, hasPassed, isOver, type Excess, type Facts, type Hole, type Moment } from './hole.js';
import { RecentIds } from './recent-ids.js';

export type { Hole, Moment };

export interface Ask {
  readonly after: EventId;
  readonly ids: readonly EventId[];
  /** From the cursor on. Else what is named, and what follows the event before the first of them that was not asked for yet. */
  readonly all: boolean;
}

export interface Seen {
  /** The event was not seen before. */
  readonly fresh: boolean;
  /** What follows the cursor has to be asked for now: `prev` was empty, or the event said so. */
  readonly unknown: boolean;
}

const SEEN = 1024;
const UNSURE = 256;
/** Half of what a question may name: holes have room in it too. */
const RECHECKS = LIMITS.syncIds / 2;

/**
 * What a device has of one channel's chain of events. The cursor is the largest event id such that nothing known is missing
 * below it: open holes hold it back, and so does a catch-up that is under way. Pure: time comes in, nothing goes out.
 */
export class Chain {
  #cursor: EventId;
  /** Where the catch-up began, and where its next page does. */
  #start: EventId;
  #position: EventId;
  #high: EventId;
  #catchingUp = true;
  /** The first event after which everything has to be asked for, until a question that was put after it has been answered: what is before it may be missing. */
  #unknown: EventId | undefined;
  #unknownIsAsked = false;
  readonly #seen = new RecentIds(SEEN);
  /** Named by a `prev` while catching up: a later page may still bring them. */
  readonly #unsure = new Set<EventId>();
  readonly #holes = new Map<EventId, Hole>();
  #excess: Excess | undefined;
  /** Messages to be asked for once more, and from when on. */
  readonly #rechecks = new Map<MessageId, number>();

  constructor(cursor: EventId) {
    this.#cursor = cursor;
    this.#start = cursor;
    this.#position = cursor;
    this.#high = cursor;
  }

  /** The durable position: where this device resumes. */
  get cursor(): EventId {
    return this.#cursor;
  }

  get catchingUp(): boolean {
    return this.#catchingUp;
  }

  /** Nothing is known to be missing. */
  get whole(): boolean {
    return !this.#catchingUp && this.#holes.size === 0 && this.#excess === undefined;
  }

  get holes(): readonly Hole[] {
    return [...this.#holes.values()];
  }

  /** The next question: after which event, and which missing ones by name. */
  ask(): Ask {
    const ids = [...this.#rechecks.keys(), ...this.#holes.keys()].slice(0, LIMITS.syncIds);
    return { after: this.#catchingUp ? this.#position : this.#beforeNewHoles(), ids, all: this.#catchingUp };
  }

  /** Where a hole shows there may be a whole gap before it. One that was asked for is alone. */
  #beforeNewHoles(): EventId {
    const first = smallest([...this.#holes.values()].filter(({ asked }) => asked === 0).map(({ id }) => id));
    if (first === undefined) return this.#high;
    const before = this.#seen.largestBelow(first);
    return before > this.#cursor ? before : this.#cursor;
  }

  /** What is missing does not come by its name: a catch-up has to begin. */
  get wantsAll(): boolean {
    return this.#excess !== undefined || [...this.#holes.values()].some(({ final }) => final === true);
  }

  /** When `ask()` has something to name; ms since the epoch, undefined for nothing. */
  get askAt(): number | undefined {
    const waiting = [...this.#holes.values(), ...(this.#excess === undefined ? [] : [this.#excess])];
    const times = [...this.#rechecks.values(), ...waiting.map((hole) => hole.askAt)];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** From the cursor on; also after each reconnect. */
  beginCatchUp(): void {
    this.#catchingUp = true;
    this.#unknownIsAsked = true;
    this.#start = this.#cursor;
    this.#position = this.#cursor;
  }

  hasSeen(id: EventId): boolean {
    return this.#seen.has(id);
  }

  /** Whether the id is asked for by name: it is wanted even if it is older than everything that is kept. */
  wants(id: EventId): boolean {
    return this.#holes.has(id);
  }

  /** An event that came live, or as the ack of an own one. */
  observe(event: { readonly id: EventId; readonly prev: EventId; readonly resync?: true | undefined }, moment: Moment): Seen {
    if (!this.#mark(event.id)) return { fresh: false, unknown: false };
    if (event.id <= this.#cursor) return { fresh: true, unknown: false };
    if (event.prev !== NO_EVENT) this.#expect(event.prev, moment);
    const unknown = event.prev === NO_EVENT || event.resync === true;
    if (unknown) this.#noteUnknown(event.id);
    else this.#settle();
    return { fresh: true, unknown };
  }

  /** The message's state at hand may lack an event: it is asked for until one whole answer has come. Does not hold back the cursor. */
  recheck(id: MessageId, moment: Moment): void {
    if (this.#rechecks.has(id)) return;
    if (this.#rechecks.size >= RECHECKS) dropFirst(this.#rechecks);
    this.#rechecks.set(id, moment.now + moment.graceMs);
  }

  /** The answer to `ask()`. `more` says that the next page has to be asked for at once; `failed` that the same question is still open. */
  answer(reply: SyncedChannel, asked: Ask, moment: Moment): 'more' | 'done' | 'failed' {
    if (reply.error !== undefined) {
      // The catch-up that goes on brings it again. Without one, the cursor would pass what is only half known.
      if (asked.all) this.#markAll(reply, asked);
      return 'failed';
    }
    this.#markAll(reply, asked);
    this.#suspect(reply, { asked, moment });
    if (reply.cursor > this.#high) this.#high = reply.cursor;
    if (!asked.all) return this.#answerNamed(reply, { asked: new Set(asked.ids), moment });
    if (reply.cursor > this.#position) this.#position = reply.cursor;
    if (reply.more && reply.cursor > asked.after) {
      this.#moveTo(this.#position);
      return 'more';
    }
    this.#finishCatchUp(reply, { asked: new Set(asked.ids), moment });
    return 'done';
  }

  #noteUnknown(id: EventId): void {
    if (this.#unknown === undefined || id < this.#unknown) this.#unknown = id;
    this.#unknownIsAsked = false;
  }

  #mark(id: EventId): boolean {
    this.#holes.delete(id);
    this.#unsure.delete(id);
    if (id > this.#high) this.#high = id;
    return this.#seen.add(id);
  }

  #markAll(reply: SyncedChannel, { after }: Ask): void {
    for (const { id, prev, updatedId } of reply.messages) {
      // Nobody has the first event of a message that came to be by a later one, and so nobody knows what was before it.
      if (prev < id) this.#mark(id);
      // A state may be newer than what the answer reaches to, or older: then what is before that event was not looked at.
      if (reply.error !== undefined || (updatedId > after && updatedId <= reply.cursor)) this.#mark(updatedId);
    }
    for (const event of [...reply.events, ...(reply.links ?? [])]) this.#mark(event.id);
  }

  /** The server may have read the channel while an earlier event was still on its way to it: then a `prev` of its answer names it. */
  #suspect(reply: SyncedChannel, { asked, moment }: { readonly asked: Ask; readonly moment: Moment }): void {
    const start = asked.all ? this.#start : this.#cursor;
    const newOnes = reply.messages.filter((message) => message.id > start);
    for (const { prev } of [...newOnes, ...reply.events, ...(reply.links ?? [])]) {
      if (prev <= start || this.#seen.has(prev)) continue;
      if (hasPassed(prev, reply.archivedThrough, moment.serverNow - idTime(prev))) continue;
      if (asked.all) this.#doubt(prev, moment.now);
      else this.#expect(prev, moment);
    }
  }

  #expect(prev: EventId, moment: Moment): void {
    if (prev <= this.#cursor || this.#seen.has(prev)) return;
    if (this.#catchingUp) this.#doubt(prev, moment.now);
    else this.#open(prev, { now: moment.now, askAt: moment.now + moment.graceMs });
  }

  #doubt(id: EventId, now: number): void {
    if (this.#unsure.has(id)) return;
    if (this.#unsure.size >= UNSURE) this.#exceed(id, { now, askAt: now + FIRST_RETRY_MS });
    else this.#unsure.add(id);
  }

  #open(id: EventId, times: { readonly now: number; readonly askAt: number }): void {
    if (this.#holes.has(id)) return;
    if (this.#holes.size >= LIMITS.syncIds) this.#exceed(id, times);
    else this.#holes.set(id, { id, openedAt: times.now, askAt: times.askAt, asked: 0 });
  }

  #exceed(id: EventId, { now, askAt }: { readonly now: number; readonly askAt: number }): void {
    const { id: first, last } = this.#excess ?? { id, last: id };
    this.#excess = { id: id < first ? id : first, last: id > last ? id : last, openedAt: now, askAt, asked: 0 };
  }

  /** What is named and still missing is asked for later; a hole does not close because everything else is here. */
  #answerNamed(reply: SyncedChannel, facts: Facts): 'more' | 'done' {
    for (const id of facts.asked) this.#rechecks.delete(id);
    for (const hole of this.#holes.values()) {
      if (!facts.asked.has(hole.id)) continue;
      if (isOver(hole.id, hole, { reply, ...facts })) Object.assign(hole, { final: true, askAt: facts.moment.now });
      else delay(hole, facts.moment.now);
    }
    if (!reply.more) {
      this.#settle();
      return 'done';
    }
    this.beginCatchUp();
    return 'more';
  }

  #finishCatchUp(reply: SyncedChannel, facts: Facts): void {
    this.#catchingUp = false;
    const { now } = facts.moment;
    if (this.#unknownIsAsked) this.#unknown = undefined;
    for (const id of facts.asked) this.#rechecks.delete(id);
    for (const hole of [...this.#holes.values()]) {
      if (!facts.asked.has(hole.id)) continue;
      if (isOver(hole.id, hole, { reply, ...facts })) this.#mark(hole.id);
      else delay(hole, now);
    }
    if (this.#excess !== undefined && isOver(this.#excess.last, this.#excess, { reply, ...facts })) this.#excess = undefined;
    else if (this.#excess !== undefined && this.#excess.askAt <= now) delay(this.#excess, now);
    for (const id of this.#unsure) this.#open(id, { now, askAt: now + FIRST_RETRY_MS });
    this.#unsure.clear();
    this.#settle();
  }

  #settle(): void {
    if (!this.#catchingUp) this.#moveTo(this.#high);
  }

  #moveTo(id: EventId): void {
    const others = [this.#excess?.id, this.#unknown].filter((other) => other !== undefined);
    const barrier = smallest([...this.#holes.keys(), ...this.#unsure, ...others]);
    const target = barrier === undefined || id < barrier ? id : this.#seen.largestBelow(barrier);
    if (target > this.#cursor) this.#cursor = target;
  }
}

function smallest(ids: readonly EventId[]): EventId | undefined {
  return ids.reduce<EventId | undefined>((least, id) => (least === undefined || id < least ? id : least), undefined);
}

function dropFirst(items: Map<EventId, unknown>): void {
  const [first] = items.keys();
  if (first !== undefined) items.delete(first);
}
