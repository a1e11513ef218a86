import type { DeviceId, EventId } from '../../domain/ids.js';
import type { DeviceCursors } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const MOVE = loadScript('move-cursors-1');
const KEEP_MS = 30 * 24 * 3_600_000;

/** `cur:<device>` is a hash: channel → event id. */
export class RedisDeviceCursors implements DeviceCursors {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async read(deviceId: DeviceId): Promise<ReadonlyMap<string, EventId>> {
    const pipeline = this.#redis.pipeline();
    pipeline.hgetall(this.#redis.prefix + keyOf(deviceId));
    const [fields] = (await this.#redis.execute(pipeline)) as [Readonly<Record<string, string>>];
    return new Map(Object.entries(fields) as [string, EventId][]);
  }

  async move(deviceId: DeviceId, cursors: ReadonlyMap<string, EventId>): Promise<void> {
    if (cursors.size > 0) await this.#redis.run(MOVE, [keyOf(deviceId)], [KEEP_MS, ...[...cursors].flat()]);
  }
}

function keyOf(deviceId: DeviceId): string {
  return `cur:${deviceId}`;
}
