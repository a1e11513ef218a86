import type { FlightStep } from '../domain/flight-ring.js';
import type { DeviceId, ServerId, UserId } from '../domain/ids.js';

export interface ServerInfo {
  readonly serverId: ServerId;
  /** One life of the process. */
  readonly incarnation: string;
  /** Where clients connect, e.g. `ws://localhost:8080/ws?server=server2`. */
  readonly url: string;
  readonly region: string;
  readonly connections: number;
  readonly maxConnections: number;
  /** Event-loop utilisation of the last period, 0 to 1. */
  readonly load: number;
  readonly draining: boolean;
}

/** The live chat servers: each holds a lease that it renews; without renewal it is gone after the lease's time. Rejects with UNAVAILABLE. */
export interface ServerRegistry {
  /**
   * Renews the entry, or creates it: then it was the first time, or the lease had lapsed or its store was lost, and routes to this server may
   * have been removed meanwhile. `refused` when another incarnation holds the id and is alive.
   */
  renew(server: ServerInfo, leaseMs: number): Promise<'renewed' | 'created' | 'refused'>;
  /** Compare-and-delete by incarnation. */
  remove(serverId: ServerId, incarnation: string): Promise<void>;
  list(): Promise<readonly ServerInfo[]>;
}

/** A named claim of one process at a time; taken over by another when it is not renewed. Rejects with UNAVAILABLE. */
export interface Lease {
  /** Acquires or renews for `holder`; false while another holder has it. */
  hold(name: string, holder: string, ttlMs: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

export interface TicketStore {
  /** Stores a single-use ticket. */
  issue(ticket: string, owner: { readonly userId: UserId; readonly deviceId: DeviceId }, ttlMs: number): Promise<void>;
  /** Takes it: the owner once, undefined afterwards or when it has expired. */
  redeem(ticket: string): Promise<{ readonly userId: UserId; readonly deviceId: DeviceId } | undefined>;
  /** Devices that were logged out, kept as long as an access token of theirs may live. */
  revoke(deviceIds: readonly DeviceId[], ttlMs: number): Promise<void>;
  /** Those of them that were logged out. */
  revokedAmong(deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>>;
}

/** Who has carried out a control message: the API waits for every live server before it answers. */
export interface Confirmations {
  confirm(confirmation: string, serverId: ServerId): Promise<void>;
  /** Resolves true as soon as all servers have confirmed; false after `timeoutMs`. */
  wait(confirmation: string, serverIds: readonly ServerId[], timeoutMs: number): Promise<boolean>;
}

/** A counter per key and window. */
export interface RateLimiter {
  /** Takes `points`; when they are not there, rejects with RATE_LIMITED and `retryAfterMs`. Falls back to a local count when its store is away. */
  consume(key: string, points?: number): Promise<void>;
}

/** What processes know of an event, gathered by whoever asked for it. */
export interface TraceReports {
  post(request: string, report: TraceReport): Promise<void>;
  /** What has been posted so far. */
  collect(request: string): Promise<readonly TraceReport[]>;
}

/** The steps that one process noted. */
export interface TraceReport {
  /** Such as `server server2` or `worker`. */
  readonly process: string;
  readonly steps: readonly FlightStep[];
}
