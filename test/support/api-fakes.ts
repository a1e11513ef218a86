import type { ChannelId, DeviceId, ServerId, UserId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { Clock, ControlMessage, LogFields, Logger, RateLimiter, ServerInfo } from '../../shared/ports/index.js';
import type { ChannelFrame, SyncedChannel } from '../../shared/protocol/frames.js';
import type { HistoryBody } from '../../shared/protocol/http.js';
import type { SyncAsk } from '../../api/use-cases/deps.js';

/** Fakes of what the API reaches over the network: they record what they are asked, and can be away. */
class Away {
  away = false;

  protected reach(): Promise<void> {
    return this.away ? Promise.reject(new ChatError('UNAVAILABLE')) : Promise.resolve();
  }
}

export class FakeClock implements Clock {
  ms = Date.UTC(2026, 10, 18, 10, 30);
  now = (): number => this.ms;
  monotonic = (): number => this.ms;
}

export class FakeTickets extends Away {
  readonly issued = new Map<string, { readonly userId: UserId; readonly deviceId: DeviceId; readonly ttlMs: number }>();
  readonly revoked = new Map<DeviceId, number>();

  async issue(ticket: string, owner: { readonly userId: UserId; readonly deviceId: DeviceId }, ttlMs: number): Promise<void> {
    await this.reach();
    this.issued.set(ticket, { ...owner, ttlMs });
  }

  async revoke(deviceIds: readonly DeviceId[], ttlMs: number): Promise<void> {
    await this.reach();
    for (const deviceId of deviceIds) this.revoked.set(deviceId, ttlMs);
  }

  async revokedAmong(deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>> {
    await this.reach();
    return new Set(deviceIds.filter((deviceId) => this.revoked.has(deviceId)));
  }
}

export class FakeInvalidations extends Away {
  readonly keys: string[] = [];

  async record(keys: readonly string[]): Promise<void> {
    await this.reach();
    this.keys.push(...keys);
  }
}

export class FakeRegistry extends Away {
  servers: ServerInfo[] = [];

  async list(): Promise<readonly ServerInfo[]> {
    await this.reach();
    return [...this.servers];
  }
}

/** Servers confirm at once, unless they are named in `silent`: then the clock moves by the time that was waited. */
export class FakeConfirmations {
  readonly silent = new Set<ServerId>();
  readonly waits: (readonly ServerId[])[] = [];
  onTimeout: () => void = () => undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  wait(_confirmation: string, serverIds: readonly ServerId[], timeoutMs: number): Promise<boolean> {
    this.waits.push(serverIds);
    const all = serverIds.every((serverId) => !this.silent.has(serverId));
    if (!all) {
      this.#clock.ms += timeoutMs;
      this.onTimeout();
    }
    return Promise.resolve(all);
  }
}

export class FakeBus extends Away {
  readonly messages: ControlMessage[] = [];

  async control(message: ControlMessage): Promise<void> {
    await this.reach();
    this.messages.push(message);
  }
}

export class FakeAnnouncer extends Away {
  readonly sent: { readonly userIds: readonly UserId[]; readonly frame: ChannelFrame }[] = [];

  async announce(userIds: readonly UserId[], frame: ChannelFrame): Promise<void> {
    await this.reach();
    this.sent.push({ userIds, frame });
  }

  /** The actions that a user was told, in order. */
  toldTo(userId: string): string[] {
    return this.sent.filter(({ userIds }) => (userIds as readonly string[]).includes(userId)).map(({ frame }) => frame.action);
  }
}

export class FakeTimeline extends Away {
  readonly pages: { readonly channelId: ChannelId; readonly query: unknown }[] = [];
  readonly syncs: (readonly SyncAsk[])[] = [];
  page: HistoryBody = { messages: [], more: { before: false, after: false } };

  async history(channelId: ChannelId, query: unknown): Promise<HistoryBody> {
    await this.reach();
    this.pages.push({ channelId, query });
    return this.page;
  }

  async sync(asks: readonly SyncAsk[]): Promise<readonly SyncedChannel[]> {
    await this.reach();
    this.syncs.push(asks);
    return asks.map(({ channelId, after }) => ({
      channelId,
      messages: [],
      events: [],
      cursor: after,
      more: false,
      archivedThrough: after,
    }));
  }
}

/** Fast, and says whether the slow path was taken for somebody who does not exist. */
export class FakePasswords {
  readonly verified: (string | undefined)[] = [];

  hash(password: string): Promise<string> {
    return Promise.resolve(`hash of ${password}`);
  }

  verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    this.verified.push(passwordHash);
    return Promise.resolve(passwordHash === `hash of ${password}`);
  }
}

export class FakeRateLimiter implements RateLimiter {
  points = Number.POSITIVE_INFINITY;
  readonly taken = new Map<string, number>();

  consume(key: string, points = 1): Promise<void> {
    const taken = (this.taken.get(key) ?? 0) + points;
    this.taken.set(key, taken);
    if (taken <= this.points) return Promise.resolve();
    return Promise.reject(new ChatError('RATE_LIMITED', { details: { retryAfterMs: 1_500 } }));
  }
}

export class FakeLogger implements Logger {
  readonly lines: { readonly level: string; readonly fields: LogFields; readonly phrase: string }[] = [];
  debug = (fields: LogFields, phrase: string): unknown => this.lines.push({ level: 'debug', fields, phrase });
  info = (fields: LogFields, phrase: string): unknown => this.lines.push({ level: 'info', fields, phrase });
  warn = (fields: LogFields, phrase: string): unknown => this.lines.push({ level: 'warn', fields, phrase });
  error = (fields: LogFields, phrase: string): unknown => this.lines.push({ level: 'error', fields, phrase });
  child = (): Logger => this;
}

export function serverInfo(name: string, overrides: Partial<ServerInfo> = {}): ServerInfo {
  return {
    serverId: name as ServerId,
    incarnation: '1',
    url: `ws://chat.test/ws?server=${name}`,
    region: 'local',
    connections: 0,
    maxConnections: 1_000,
    load: 0,
    draining: false,
    ...overrides,
  };
}
