/** What a bench and its load generator process say to each other over IPC. */

export interface LoadUser {
  readonly token: string;
  readonly url: string;
}

/** A sender and the receiver of its messages in a channel that the two share. */
export interface LoadPair {
  readonly channelId: string;
  readonly sender: LoadUser;
  readonly receiver: LoadUser;
}

export interface LoadPlan {
  readonly pairs: readonly LoadPair[];
  /** Messages of one pair that are sent and not yet delivered. */
  readonly inFlight: number;
  readonly contentChars: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  readonly delivered: number;
  readonly acked: number;
  readonly errors: number;
  /** Messages whose checksum or order was wrong: any makes the run void. */
  readonly wrong: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly ackMs: Quantiles;
  readonly deliveryMs: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export type FromLoad =
  { readonly type: 'measuring' } | { readonly type: 'measured' } | { readonly type: 'result'; readonly result: LoadResult };
