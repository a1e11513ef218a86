import { idTime, type EventId } from '../domain/ids.js';
import type { SyncedChannel } from './frames.js';

export const FIRST_RETRY_MS = 1_000;
const GIVE_UP_AFTER_MS = 60_000;
const MAX_ASK_MS = 30_000;

/** What the chain is told with each fact: this device's time, the server's best known time, and how long to wait before asking. */
export interface Moment {
  readonly now: number;
  readonly serverNow: number;
  /** The race of two senders' servers settles itself within this time; ms. */
  readonly graceMs: number;
}

/** An event that some `prev` named and that this device has not seen. */
export interface Hole {
  readonly id: EventId;
  readonly openedAt: number;
  /** When to ask for it next; ms since the epoch. */
  askAt: number;
  asked: number;
  /** It does not come by its name, and nobody can commit it any more: one last look at everything after the cursor, then it is given up. */
  final?: true;
}

/** Holes that are too many to be asked for by name: everything after the cursor is asked for until they all must have come. */
export interface Excess extends Hole {
  readonly last: EventId;
}

/** What a question named, and when its answer came. */
export interface Facts {
  readonly asked: ReadonlySet<EventId>;
  readonly moment: Moment;
}

/** It is missing for good. */
export function isOver(id: EventId, { openedAt }: Hole, { reply, moment }: Facts & { readonly reply: SyncedChannel }): boolean {
  return hasPassed(id, reply.archivedThrough, Math.max(moment.now - openedAt, moment.serverNow - idTime(id)));
}

/** Nobody can still commit it, and the store has what came after it: it never was. */
export function hasPassed(id: EventId, archivedThrough: EventId, ageMs: number): boolean {
  return archivedThrough >= id && ageMs >= GIVE_UP_AFTER_MS;
}

/** 1, 2, 4 … 30 seconds. */
export function delay(hole: Hole, now: number): void {
  hole.askAt = now + Math.min(MAX_ASK_MS, FIRST_RETRY_MS * 2 ** Math.min(hole.asked, 10));
  hole.asked += 1;
}
