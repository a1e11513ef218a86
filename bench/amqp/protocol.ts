import type { LoadResult } from '../load/protocol.js';

/** What the AMQP arms and their processes say to each other over IPC. */
export interface LegPlan {
  readonly role: LegRole;
  readonly url: string;
  /** `server1` or `server2`. */
  readonly serverId: string;
  readonly otherServerId: string;
  /** Pairs that this process sends for; it receives for as many. */
  readonly pairs: number;
  readonly inFlight: number;
  readonly contentChars: number;
  /** Unix milliseconds; the legs count their microseconds from there. */
  readonly beganAt: number;
}

/** `raw`: amqplib, a message each, unconfirmed. `warren`: the product's bus and batches, confirmed. `sink`: takes what is stored, in the archiver's place. `alone`: what is sent comes back at once. */
export type LegRole = 'raw' | 'warren' | 'sink' | 'alone';

export type ToLeg = { readonly type: 'plan'; readonly plan: LegPlan } | { readonly type: 'go' | 'begin' | 'end' | 'drain' };
export type FromLeg =
  | { readonly type: 'ready' }
  | { readonly type: 'counts'; readonly counts: Omit<LoadResult, 'sentInAll' | 'errors' | 'lost' | 'seconds' | 'cpuMs'> }
  | { readonly type: 'drained'; readonly sentInAll: number; readonly underWay: number; readonly errors: number };
