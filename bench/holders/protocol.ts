import type { DialectName, LoadUser } from '../load/protocol.js';

/** What a bench and the processes that hold its connections say to each other over IPC. Users are named by their index, in the order in which they were opened. */
export type ToHolder =
  | { readonly type: 'open'; readonly dialect: DialectName; readonly users: readonly LoadUser[]; readonly atOnce: number }
  | { readonly type: 'leave' }
  | ({ readonly type: 'talk'; readonly channels: readonly HeldChannel[] } & TalkOptions);

export interface TalkOptions {
  /** Messages said and not yet heard by all: more would only wait in the system's queues. */
  readonly underWay: number;
}

/** The first two members say one thing each; every other member must get it. */
export interface HeldChannel {
  readonly id: string;
  readonly members: readonly number[];
}

export type FromHolder =
  | { readonly type: 'opened'; readonly cpuMs: number }
  | { readonly type: 'left' }
  | { readonly type: 'talked'; readonly talk: Talk }
  | { readonly type: 'failed'; readonly reason: string };

export interface Talk {
  readonly expected: number;
  readonly delivered: number;
  /** Users who got less or more than they should, or something else. */
  readonly wrongUsers: number;
  readonly closed: number;
}

/** A process may open 20,000 files on many machines. */
export const USERS_PER_HOLDER = 19_000;
