import type { Knex } from 'knex';
import type { DeviceId, UserId } from '../../domain/ids.js';
import type { Device } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { DeviceStore, RefreshToken } from '../../ports/people.js';
import type { Database } from './database.js';

const MAX_DEVICES = 50;
const NEWEST_FIRST = [
  { column: 'created_at', order: 'desc' },
  { column: 'id', order: 'desc' },
];

interface DeviceRow {
  readonly id: DeviceId;
  readonly user_id: UserId;
  readonly name: string;
  readonly created_at: string;
  readonly last_seen_at: string;
}

interface TokenRow {
  readonly hash: string;
  readonly device_id: DeviceId;
  readonly expires_at: string;
  readonly is_current: number;
}

type Rotation = Awaited<ReturnType<DeviceStore['rotate']>>;
type NextToken = Omit<RefreshToken, 'deviceId' | 'userId'>;

export class SqlDeviceStore implements DeviceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(device: Device, token: RefreshToken): Promise<readonly DeviceId[]> {
    return this.#db.write(async (trx) => {
      // Locks the user, so that two logins at once count each other.
      const user: unknown = await trx('users').where('id', device.userId).forUpdate().first('id');
      if (user === undefined) throw new ChatError('NOT_FOUND');
      await trx('devices').insert({
        id: device.id,
        user_id: device.userId,
        name: device.name,
        created_at: device.createdAt,
        last_seen_at: device.lastSeenAt,
      });
      await insertToken(trx, device.id, token);
      return removeOldest(trx, device.userId);
    });
  }

  async findById(id: DeviceId): Promise<Device | undefined> {
    const row = await this.#db.read((knex) => knex<DeviceRow>('devices').where('id', id).first());
    return row === undefined ? undefined : toDevice(row);
  }

  async listForUser(userId: UserId): Promise<readonly Device[]> {
    const rows = await this.#db.read((knex) => newestDevices(knex, userId, { offset: 0 }));
    return rows.map(toDevice);
  }

  rotate(hash: string, next: NextToken, now: string): Promise<Rotation> {
    return this.#db.write(async (trx): Promise<Rotation> => {
      const device = await lockDeviceOf(trx, hash);
      if (device === undefined) return { status: 'unknown' };
      // Read again under the lock: another rotation may have finished in between.
      const token = await trx<TokenRow>('refresh_tokens').where('hash', hash).first();
      if (token === undefined || token.expires_at <= now) return { status: 'unknown' };
      const owner = { deviceId: device.id, userId: device.user_id };
      if (token.is_current === 0) {
        await trx('devices').where('id', device.id).delete();
        return { status: 'reused', ...owner };
      }
      await trx('refresh_tokens').where('device_id', device.id).where('expires_at', '<=', now).delete();
      await trx('refresh_tokens').where('hash', hash).update({ is_current: 0 });
      await insertToken(trx, device.id, next);
      await trx('devices').where('id', device.id).update({ last_seen_at: now });
      return { status: 'rotated', ...owner };
    });
  }

  async remove(userId: UserId, deviceIds: readonly DeviceId[]): Promise<readonly DeviceId[]> {
    if (deviceIds.length === 0) return [];
    return this.#db.write(async (trx) => {
      const found = await trx<DeviceRow>('devices').where('user_id', userId).whereIn('id', deviceIds).forUpdate().pluck('id');
      return deleteDevices(trx, found);
    });
  }
}

async function newestDevices(knex: Knex, userId: UserId, { offset }: { readonly offset: number }): Promise<DeviceRow[]> {
  return knex<DeviceRow>('devices').where('user_id', userId).orderBy(NEWEST_FIRST).offset(offset).limit(MAX_DEVICES);
}

async function lockDeviceOf(trx: Knex.Transaction, hash: string): Promise<DeviceRow | undefined> {
  const token = await trx<TokenRow>('refresh_tokens').where('hash', hash).first('device_id');
  return token && trx<DeviceRow>('devices').where('id', token.device_id).forUpdate().first();
}

async function insertToken(trx: Knex.Transaction, deviceId: DeviceId, token: NextToken): Promise<void> {
  await trx('refresh_tokens').insert({ hash: token.hash, device_id: deviceId, expires_at: token.expiresAt, is_current: 1 });
}

async function removeOldest(trx: Knex.Transaction, userId: UserId): Promise<readonly DeviceId[]> {
  const surplus = await newestDevices(trx, userId, { offset: MAX_DEVICES });
  return deleteDevices(
    trx,
    surplus.map((row) => row.id),
  );
}

/** Their tokens go with them, by the foreign key. */
async function deleteDevices(trx: Knex.Transaction, ids: readonly DeviceId[]): Promise<readonly DeviceId[]> {
  if (ids.length > 0) await trx('devices').whereIn('id', ids).delete();
  return ids;
}

function toDevice(row: DeviceRow): Device {
  return { id: row.id, userId: row.user_id, name: row.name, createdAt: row.created_at, lastSeenAt: row.last_seen_at };
}
