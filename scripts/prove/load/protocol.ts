/** What the supervisor and a load process say to each other over the IPC channel. */
export interface LoadDevice {
  /** Index in the roster. */
  readonly d: number;
  /** A session as the SDK keeps it in its storage. */
  readonly session: string;
  readonly channels: readonly string[];
}

export interface LoadPlan {
  readonly seed: number;
  /** The run's beginning on the monotonic clock. */
  readonly beganAt: number;
  /** Gateway, by way of the proxy that network faults use. */
  readonly baseUrl: string;
  /** Actions a second of this process, at most: a device that waits for many answers gives none. */
  readonly rate: number;
  readonly historyPath: string;
  readonly devices: readonly LoadDevice[];
}

export type ToLoad =
  | { readonly type: 'plan'; readonly plan: LoadPlan }
  | { readonly type: 'start' }
  /** No new actions; then wait until everybody is online and everything is answered, say a last word in each channel, and show the screens. */
  | { readonly type: 'settle'; readonly withinMs: number; readonly closing: readonly { readonly d: number; readonly ch: string }[] }
  /** Everybody connects anew, and shows the screens again. */
  | { readonly type: 'sync'; readonly withinMs: number }
  /** All sockets break at once. */
  | { readonly type: 'storm' }
  /** These devices stop reading, while large messages go to their channels. */
  | { readonly type: 'slow'; readonly devices: readonly number[]; readonly forMs: number }
  | { readonly type: 'end' };

export type FromLoad =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly sent: number; readonly acked: number; readonly told: number; readonly online: number }
  | { readonly type: 'settled'; readonly troubles: readonly string[] }
  | { readonly type: 'synced'; readonly troubles: readonly string[] }
  | { readonly type: 'slow-over' }
  | { readonly type: 'ended' };
