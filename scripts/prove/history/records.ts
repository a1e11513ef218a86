/**
 * What a run leaves behind: one JSON line per thing that a device did or saw, in `history-<process>.jsonl`. Times are milliseconds on the
 * machine's monotonic clock since the run began, so that lines of several processes can be compared. Field names are short because there
 * are millions of lines: `t` time, `d` device, `ch` channel, `cl` client id, `id` event id, `m` message id, `u` user id.
 */
export type CommandKind = 'send' | 'edit' | 'delete' | 'react';

/** A command was given to the SDK. */
export interface SendRecord {
  readonly op: 'send';
  readonly t: number;
  readonly d: number;
  readonly kind: CommandKind;
  readonly ch: string;
  readonly cl: string;
  /** Of a message or an edit. */
  readonly text?: string;
  /** The message that the command is about. */
  readonly m?: string;
  readonly emoji?: string;
  readonly action?: 'add' | 'remove';
  /** Sent past the SDK: nobody repeats it until it is acknowledged. */
  readonly raw?: true;
}

export interface AckRecord {
  readonly op: 'ack';
  readonly t: number;
  readonly d: number;
  readonly cl: string;
  readonly id: string;
  readonly m: string;
}

/** Refused for good. */
export interface FailRecord {
  readonly op: 'fail';
  readonly t: number;
  readonly d: number;
  readonly cl: string;
  readonly code: string;
}

/** The SDK told the device's user of a new message. */
export interface ToldRecord {
  readonly op: 'told';
  readonly t: number;
  readonly d: number;
  readonly ch: string;
  readonly id: string;
  readonly u: string;
  readonly cl: string;
}

/** A page of history that the API answered; `from` is when it was asked for. */
export interface ReadRecord {
  readonly op: 'read';
  readonly t: number;
  readonly from: number;
  readonly d: number;
  readonly ch: string;
  /** The page does not reach back to the channel's first message. */
  readonly more: boolean;
  /** id, updatedId, client id; ascending by id as answered. */
  readonly list: readonly (readonly [id: string, updatedId: string, cl: string])[];
}

/** A message as somebody sees it. `reactions` is `emoji:user,user` sorted and joined by `;`. */
export interface SeenMessage {
  readonly id: string;
  readonly u: string;
  readonly cl: string;
  readonly text: string;
  readonly deleted: boolean;
  readonly reactions: string;
}

/**
 * A channel on the device's screen, in its order. `moment`: its end, while everything is going on; `quiet`: all of it, after the load has
 * ended and the device had time to notice what it missed; `synced`: all of it, after the device connected anew.
 */
export interface ScreenRecord {
  readonly op: 'screen';
  readonly t: number;
  readonly d: number;
  readonly ch: string;
  readonly when: 'moment' | 'quiet' | 'synced';
  readonly list: readonly SeenMessage[];
  /** Commands that are on the screen and have no ack. */
  readonly pending: number;
}

export interface StateRecord {
  readonly op: 'state';
  readonly t: number;
  readonly d: number;
  readonly status: string;
  readonly server?: string;
}

/** The device was logged out or stopped: nothing of that may happen in a run. */
export interface SurfaceErrorRecord {
  readonly op: 'surface-error';
  readonly t: number;
  readonly d: number;
  readonly code: string;
}

export type HistoryRecord = SendRecord | AckRecord | FailRecord | ToldRecord | ReadRecord | ScreenRecord | StateRecord | SurfaceErrorRecord;

/** A fault as it happened. `healed` is when the broken thing worked again, which is not when everybody had noticed. */
export interface FaultRecord {
  readonly kind: string;
  readonly target: string;
  readonly from: number;
  readonly healed: number;
  /** When it took connections again, where that is a moment of its own. */
  readonly opened?: number | undefined;
  /** No other fault was near. */
  readonly alone?: true | undefined;
  /** Redis lost its data: who had sent what is forgotten, and a message that is repeated may be seen twice until the copy is voided. */
  readonly forgets?: true | undefined;
  /** Why it could not be done. */
  readonly skipped?: string | undefined;
}

/** Who takes part. Indexes are what records call `d`. */
export interface Roster {
  readonly devices: readonly { readonly user: string; readonly name: string }[];
  readonly channels: readonly { readonly id: string; readonly members: readonly string[] }[];
}

/** Everything the checker judges. */
export interface RunHistory {
  readonly roster: Roster;
  /** Ascending by time. */
  readonly records: readonly HistoryRecord[];
  readonly faults: readonly FaultRecord[];
  /** The whole history of each channel as the API answered it at the end, in its order. */
  readonly stored: ReadonlyMap<string, readonly SeenMessage[]>;
}
