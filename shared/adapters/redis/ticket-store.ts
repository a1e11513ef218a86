import { createHash } from 'node:crypto';
import type { DeviceId, UserId } from '../../domain/ids.js';
import type { TicketStore } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';

/** `ticket:<SHA-256>` → `user device`, so that who reads Redis cannot use a ticket; `revoked:<device>`. Both expire. */
export class RedisTicketStore implements TicketStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async issue(ticket: string, owner: { readonly userId: UserId; readonly deviceId: DeviceId }, ttlMs: number): Promise<void> {
    const pipeline = this.#redis.pipeline();
    pipeline.set(this.#ticketKey(ticket), `${owner.userId} ${owner.deviceId}`, 'PX', ttlMs);
    await this.#redis.execute(pipeline);
  }

  async redeem(ticket: string): Promise<{ readonly userId: UserId; readonly deviceId: DeviceId } | undefined> {
    const pipeline = this.#redis.pipeline();
    pipeline.getdel(this.#ticketKey(ticket));
    const [owner] = (await this.#redis.execute(pipeline)) as [string | null];
    const [userId, deviceId] = owner?.split(' ') ?? [];
    return userId === undefined || deviceId === undefined ? undefined : { userId: userId as UserId, deviceId: deviceId as DeviceId };
  }

  async revoke(deviceIds: readonly DeviceId[], ttlMs: number): Promise<void> {
    if (deviceIds.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const deviceId of deviceIds) pipeline.set(this.#revokedKey(deviceId), '1', 'PX', ttlMs);
    await this.#redis.execute(pipeline);
  }

  async revokedAmong(deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>> {
    if (deviceIds.length === 0) return new Set();
    const pipeline = this.#redis.pipeline();
    pipeline.mget(deviceIds.map((deviceId) => this.#revokedKey(deviceId)));
    const [marks] = (await this.#redis.execute(pipeline)) as [readonly (string | null)[]];
    return new Set(deviceIds.filter((_, i) => marks[i] !== null));
  }

  #ticketKey(ticket: string): string {
    return `${this.#redis.prefix}ticket:${createHash('sha256').update(ticket).digest('base64url')}`;
  }

  #revokedKey(deviceId: DeviceId): string {
    return `${this.#redis.prefix}revoked:${deviceId}`;
  }
}
