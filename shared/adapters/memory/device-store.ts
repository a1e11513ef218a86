import type { DeviceId, UserId } from '../../domain/ids.js';
import type { Device } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { DeviceStore, RefreshToken } from '../../ports/people.js';
import { compareText, requireParents, type PeopleTables } from './people-tables.js';
import { promised } from './promised.js';

const MAX_DEVICES = 50;

type Rotation = Awaited<ReturnType<DeviceStore['rotate']>>;
type NextToken = Omit<RefreshToken, 'deviceId' | 'userId'>;

export class MemoryDeviceStore implements DeviceStore {
  readonly #tables: PeopleTables;

  constructor(tables: PeopleTables) {
    this.#tables = tables;
  }

  create(device: Device, token: RefreshToken): Promise<readonly DeviceId[]> {
    return promised(() => {
      requireParents(this.#tables.users, [device.userId]);
      if (this.#tables.devices.has(device.id) || this.#tables.tokens.has(token.hash)) throw new ChatError('CONFLICT');
      this.#tables.devices.set(device.id, device);
      this.#putToken(device.id, token);
      return this.#newestFirst(device.userId)
        .slice(MAX_DEVICES)
        .map((oldest) => this.#delete(oldest.id));
    });
  }

  findById(id: DeviceId): Promise<Device | undefined> {
    return promised(() => this.#tables.devices.get(id));
  }

  listForUser(userId: UserId): Promise<readonly Device[]> {
    return promised(() => this.#newestFirst(userId));
  }

  rotate(hash: string, next: NextToken, now: string): Promise<Rotation> {
    return promised((): Rotation => {
      const token = this.#tables.tokens.get(hash);
      const device = token && this.#tables.devices.get(token.deviceId);
      if (device === undefined || token === undefined || token.expiresAt <= now) return { status: 'unknown' };
      const owner = { deviceId: device.id, userId: device.userId };
      if (!token.current) {
        this.#delete(device.id);
        return { status: 'reused', ...owner };
      }
      if (this.#tables.tokens.has(next.hash)) throw new ChatError('CONFLICT');
      token.current = false;
      this.#dropTokens((entry) => entry.deviceId === device.id && entry.expiresAt <= now);
      this.#putToken(device.id, next);
      this.#tables.devices.set(device.id, { ...device, lastSeenAt: now });
      return { status: 'rotated', ...owner };
    });
  }

  remove(userId: UserId, deviceIds: readonly DeviceId[]): Promise<readonly DeviceId[]> {
    return promised(() =>
      [...new Set(deviceIds)].filter((id) => this.#tables.devices.get(id)?.userId === userId).map((id) => this.#delete(id)),
    );
  }

  #putToken(deviceId: DeviceId, token: NextToken): void {
    this.#tables.tokens.set(token.hash, { deviceId, expiresAt: token.expiresAt, current: true });
  }

  #newestFirst(userId: UserId): Device[] {
    return [...this.#tables.devices.values()]
      .filter((device) => device.userId === userId)
      .sort((a, b) => compareText(b.createdAt, a.createdAt) || compareText(b.id, a.id));
  }

  #delete(id: DeviceId): DeviceId {
    this.#tables.devices.delete(id);
    this.#dropTokens((entry) => entry.deviceId === id);
    return id;
  }

  #dropTokens(drop: (entry: { readonly deviceId: DeviceId; readonly expiresAt: string }) => boolean): void {
    for (const [hash, entry] of this.#tables.tokens) if (drop(entry)) this.#tables.tokens.delete(hash);
  }
}
