import type { ChannelId, DeviceId, IdClock, UserId } from '../../shared/domain/ids.js';
import type {
  BusPublisher,
  ChannelStore,
  Clock,
  Confirmations,
  DeviceStore,
  InvalidationLog,
  Logger,
  RateLimiter,
  ReceiptStore,
  ServerRegistry,
  TeamStore,
  TicketStore,
  TraceReports,
  UserStore,
} from '../../shared/ports/index.js';
import type { ChannelFrame, SyncedChannel } from '../../shared/protocol/frames.js';
import type { HistoryBody } from '../../shared/protocol/http.js';
import type { RecentAssignments } from './recent-assignments.js';

/** Who is asking: the owner of the access token. */
export interface Caller {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

/** Pages and changes of channels, every acked message included. The caller has checked that the reader is a member. Rejects with UNAVAILABLE. */
export interface TimelineReader {
  history(
    channelId: ChannelId,
    query: {
      readonly before?: string | undefined;
      readonly after?: string | undefined;
      readonly around?: string | undefined;
      readonly limit: number;
    },
  ): Promise<HistoryBody>;
  /** Answers in the order of the requests; `limit` messages a channel. */
  sync(requests: readonly SyncAsk[], bounds?: { readonly limit?: number | undefined }): Promise<readonly SyncedChannel[]>;
}

export interface SyncAsk {
  readonly channelId: ChannelId;
  readonly after: SyncedChannel['cursor'];
  readonly ids?: readonly SyncedChannel['cursor'][] | undefined;
}

/** An ephemeral frame to every session of some users: best effort, at most once. */
export interface Announcer {
  announce(userIds: readonly UserId[], frame: ChannelFrame): Promise<void>;
}

/** Slow on purpose. Rejects with OVERLOADED when too many wait. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** `undefined` for a user who does not exist: takes as long as any other, and is false. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

/** Access tokens; times are milliseconds since the Unix epoch. */
export interface AccessTokens {
  sign(caller: Caller, now: number): { readonly token: string; readonly expiresAt: number };
  /** @throws ChatError TOKEN_EXPIRED or TOKEN_INVALID. */
  verify(token: string, now: number): Caller;
}

export interface UseCaseSettings {
  /** How long access tokens live; those of a device that was logged out are remembered a little longer. */
  readonly accessTtlMs: number;
  readonly refreshTtlMs: number;
  readonly ticketTtlMs: number;
  readonly maxChannelMembers: number;
  /** Where clients are taken to be that do not say. */
  readonly region: string;
}

/** What the use cases need of the world; each names the part that it uses. */
export interface UseCaseDeps {
  readonly users: UserStore;
  readonly devices: DeviceStore;
  readonly teams: TeamStore;
  readonly channels: ChannelStore;
  readonly receipts: Pick<ReceiptStore, 'ofChannel' | 'ofUser'>;
  readonly invalidations: Pick<InvalidationLog, 'record'>;
  readonly registry: Pick<ServerRegistry, 'list'>;
  readonly tickets: Pick<TicketStore, 'issue' | 'revoke' | 'revokedAmong'>;
  readonly confirmations: Pick<Confirmations, 'wait'>;
  readonly bus: Pick<BusPublisher, 'control'>;
  readonly traces: Pick<TraceReports, 'collect'>;
  readonly timeline: TimelineReader;
  readonly announcer: Announcer;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  readonly logInsPerName: RateLimiter;
  readonly assignments: RecentAssignments;
  /** 0 inclusive to 1 exclusive; breaks ties between equal servers. */
  readonly random: () => number;
  readonly ids: IdClock;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: UseCaseSettings;
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
