import { createHash, randomBytes } from 'node:crypto';
import { signAccessToken } from '../../../shared/adapters/jwt/access-token.js';
import { SqlChannelStore } from '../../../shared/adapters/sql/channel-store.js';
import { openDatabase } from '../../../shared/adapters/sql/database.js';
import { SqlDeviceStore } from '../../../shared/adapters/sql/device-store.js';
import { SqlUserStore } from '../../../shared/adapters/sql/user-store.js';
import { IdClock, MAX_NODE, type ChannelId, type DeviceId, type UserId } from '../../../shared/domain/ids.js';
import type { User } from '../../../shared/domain/model.js';
import type { SessionBody } from '../../../shared/protocol/http.js';
import type { SeededRandom } from '../random.js';

export interface Crowd {
  readonly users: number;
  readonly groups: number;
}

export interface SeededDevice {
  readonly user: UserId;
  readonly token: string;
  readonly session: SessionBody;
  readonly channels: readonly ChannelId[];
}

export interface SeededPeople {
  readonly devices: readonly SeededDevice[];
  readonly channels: readonly { readonly id: ChannelId; readonly members: readonly UserId[] }[];
}

/** A run is shorter; tokens that expire are the refresh's test, not this one's. */
const TOKEN_MS = 6 * 3_600_000;
const MOST_GROUP_MEMBERS = 6;

/**
 * Users with one to three devices, direct messages in a ring so that nobody is without, and groups: straight into the database, because
 * a password hash costs a tenth of a second each. Devices, tokens and refresh tokens are real ones.
 */
export async function seedPeople(
  target: { readonly sqlUrl: string; readonly jwtSecret: string },
  crowd: Crowd,
  random: SeededRandom,
): Promise<SeededPeople> {
  const database = openDatabase(target.sqlUrl);
  const ids = new IdClock({ node: MAX_NODE, now: () => Date.now() });
  const stores = { users: new SqlUserStore(database), devices: new SqlDeviceStore(database), channels: new SqlChannelStore(database) };
  try {
    const users: User[] = [];
    for (let n = 0; n < crowd.users; n++) users.push(await createUser(stores.users, ids));
    const channels: { id: ChannelId; members: UserId[] }[] = [];
    for (const members of planChannels(users, crowd, random)) {
      channels.push({ id: await createChannel(stores.channels, ids, members), members: members.map(({ id }) => id) });
    }
    const devices: SeededDevice[] = [];
    for (const [n, user] of users.entries()) {
      const mine = channels.filter(({ members }) => members.includes(user.id)).map(({ id }) => id);
      for (let i = 0; i < 1 + (n % 3 === 0 ? 1 : 0) + (n % 7 === 0 ? 1 : 0); i++)
        devices.push(await createDevice(stores.devices, { ids, user, secret: target.jwtSecret, channels: mine }));
    }
    return { devices, channels };
  } finally {
    await database.close();
  }
}

function planChannels(users: readonly User[], crowd: Crowd, random: SeededRandom): readonly (readonly User[])[] {
  const dms = users.map((user, n) => [user, users[(n + 1) % users.length] as User]);
  const groups = Array.from({ length: crowd.groups }, () => {
    const size = Math.min(users.length, 3 + random.below(MOST_GROUP_MEMBERS - 2));
    return random.shuffle(users).slice(0, size);
  });
  return [...dms, ...groups];
}

async function createUser(store: SqlUserStore, ids: IdClock): Promise<User> {
  const id = ids.next() as UserId;
  const username = `prove-${id.toLowerCase()}`;
  const user: User = { id, username, displayName: username, locale: 'ko', createdAt: new Date().toISOString() };
  await store.create({ ...user, passwordHash: '-' });
  return user;
}

async function createChannel(store: SqlChannelStore, ids: IdClock, members: readonly User[]): Promise<ChannelId> {
  const joinedAt = new Date().toISOString();
  const kind = members.length === 2 ? ('dm' as const) : ('group' as const);
  const [creator] = members as readonly [User, ...User[]];
  const head = { id: ids.next() as ChannelId, kind, teamId: null, name: kind === 'dm' ? '' : 'prove', topic: '' };
  const channel = await store.create(
    { ...head, createdBy: creator.id, createdAt: joinedAt },
    members.map(({ id }) => ({ userId: id, role: 'member' as const, joinedAt })),
  );
  return channel.id;
}

async function createDevice(
  store: SqlDeviceStore,
  parts: { readonly ids: IdClock; readonly user: User; readonly secret: string; readonly channels: readonly ChannelId[] },
): Promise<SeededDevice> {
  const { ids, user, secret, channels } = parts;
  const now = new Date();
  const deviceId = ids.next() as DeviceId;
  const refreshToken = randomBytes(32).toString('base64url');
  const refreshExpiresAt = new Date(now.getTime() + TOKEN_MS).toISOString();
  const hash = createHash('sha256').update(refreshToken).digest('hex');
  const [createdAt, lastSeenAt] = [now.toISOString(), now.toISOString()];
  await store.create(
    { id: deviceId, userId: user.id, name: 'prove', createdAt, lastSeenAt },
    { deviceId, userId: user.id, hash, expiresAt: refreshExpiresAt },
  );
  const { token, expiresAt } = signAccessToken({ userId: user.id, deviceId }, { secret, ttlMs: TOKEN_MS, now: now.getTime() });
  const access = { accessToken: token, accessExpiresAt: new Date(expiresAt).toISOString() };
  return { user: user.id, token, session: { user, deviceId, ...access, refreshToken, refreshExpiresAt, servers: [] }, channels };
}
