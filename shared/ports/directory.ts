import type { DeviceId, ServerId, SessionId, UserId } from '../domain/ids.js';

/** Where one session of a user is. `incarnation` names one life of the server process. */
export interface Route {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly sessionId: SessionId;
  readonly serverId: ServerId;
  readonly incarnation: string;
}

/**
 * user → servers. Entries of a server whose lease has ended are ignored by readers and removed when met.
 * `register` and `unregister` also write `user:<userId>` to the invalidation log in the same atomic step, so that no
 * route cache can hide a device from a message that is appended after the step (see {@link InvalidationLog}).
 * Bounded: at most 64 sessions a user. Rejects with UNAVAILABLE.
 */
export interface Directory {
  /** Idempotent: the same session may be registered again (after the directory was lost). */
  register(routes: readonly Route[]): Promise<void>;
  /** Compare-and-delete: removes the entry only while it is this session's of this incarnation. */
  unregister(routes: readonly Route[]): Promise<void>;
  /** One pipelined look-up; each user's routes, empty for the offline. Order as asked. */
  lookup(userIds: readonly UserId[]): Promise<readonly (readonly Route[])[]>;
}

/**
 * A log of what caches must forget, kept in the same store as the sequencer and the recent window. Keys: `user:<id>` (routes),
 * `channel:<id>` (members), `team:<id>` (members). Reading it *after* an append or a reserve returned shows every change that was recorded
 * before that append: this is what makes near caches safe. Bounded: a reader too far behind is told to forget everything.
 */
export interface InvalidationLog {
  record(keys: readonly string[]): Promise<void>;
  /** What was recorded after `cursor` ('' at first). `everything` when that is not known (too old, or the log was lost). */
  readSince(cursor: string): Promise<{ readonly cursor: string; readonly keys: readonly string[]; readonly everything: boolean }>;
}
