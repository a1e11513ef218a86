/** What a bench and its load generator process say to each other over IPC. */

export const SPAN_MS = 10_000;

export type DialectName = 'warren' | 'socket-io' | 'plain';

export interface LoadUser {
  readonly id: string;
  /** What the system wants for proof of who connects. */
  readonly token: string;
  /** Of the WebSocket endpoint: `ws://…`. */
  readonly url: string;
}

/** A sender and the receiver of its messages, in channels that the two share: the messages go round them. */
export interface LoadPair {
  readonly channelIds: readonly string[];
  readonly sender: LoadUser;
  readonly receiver: LoadUser;
}

/**
 * Closed: each pair keeps `inFlight` messages between send and delivery. Open: messages are due at random moments (exponential gaps)
 * at `perSecond` over all pairs, whether or not the system keeps up, and latency counts from the moment they were due.
 */
export type Traffic = { readonly kind: 'closed'; readonly inFlight: number } | { readonly kind: 'open'; readonly perSecond: number };

export interface LoadPlan {
  readonly dialect: DialectName;
  readonly pairs: readonly LoadPair[];
  readonly traffic: Traffic;
  readonly contentChars: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  /** Of the whole run. */
  readonly sentInAll: number;
  /** In the measured time. */
  readonly sent: number;
  readonly delivered: number;
  readonly acked: number;
  /** In the measured time, messages whose checksum, id or order was wrong: any makes the run void. */
  readonly wrong: number;
  /** The same, before the measured time. */
  readonly wrongBefore: number;
  /** The first few of them, in words. */
  readonly faults: readonly string[];
  /** Of the whole run, like `lost`. */
  readonly errors: number;
  /** Sent, and not delivered ten seconds after the last send; below zero when there were more deliveries than sends. */
  readonly lost: number;
  readonly seconds: number;
  /** Of the load generator's process in the measured time. */
  readonly cpuMs: number;
  readonly ackMs: Quantiles;
  readonly deliveryMs: Quantiles;
  /** The same for each `SPAN_MS` of the measured time, the last of which may be shorter; none for an AMQP leg. Whether a long run gets slower, or stands still now and then. */
  readonly deliverySpansMs: readonly Quantiles[];
  /** Open loop: how late the generator itself was. */
  readonly latenessMs: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export type FromLoad =
  { readonly type: 'measuring' } | { readonly type: 'measured' } | { readonly type: 'result'; readonly result: LoadResult };
