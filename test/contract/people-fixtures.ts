import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MemoryChannelStore } from '../../shared/adapters/memory/channel-store.js';
import { MemoryDeviceStore } from '../../shared/adapters/memory/device-store.js';
import { createPeopleTables } from '../../shared/adapters/memory/people-tables.js';
import { MemoryReceiptStore } from '../../shared/adapters/memory/receipt-store.js';
import { MemoryTeamStore } from '../../shared/adapters/memory/team-store.js';
import { MemoryUserStore } from '../../shared/adapters/memory/user-store.js';
import { SqlChannelStore } from '../../shared/adapters/sql/channel-store.js';
import { openDatabase } from '../../shared/adapters/sql/database.js';
import { SqlDeviceStore } from '../../shared/adapters/sql/device-store.js';
import { SqlReceiptStore } from '../../shared/adapters/sql/receipt-store.js';
import { SqlTeamStore } from '../../shared/adapters/sql/team-store.js';
import { SqlUserStore } from '../../shared/adapters/sql/user-store.js';
import { IdClock, type ChannelId, type DeviceId, type TeamId, type UserId } from '../../shared/domain/ids.js';
import type { Channel, ChannelMember, Device, Team, User } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { ErrorCode } from '../../shared/errors/codes.js';
import type { ChannelStore, DeviceStore, TeamStore, UserStore } from '../../shared/ports/people.js';
import type { ReceiptStore } from '../../shared/ports/receipts.js';
import { describeWith } from '../support/products.js';

/** The stores over one database: each needs rows of another. */
export interface People {
  readonly users: UserStore;
  readonly devices: DeviceStore;
  readonly teams: TeamStore;
  readonly channels: ChannelStore;
  readonly receipts: ReceiptStore;
  close(): Promise<void>;
}

const clock = new IdClock({ node: 7, now: Date.now });
export const newId = (): string => clock.next();
export const newDatabaseName = (): string => `warren_test_${randomBytes(6).toString('hex')}`;

export const LATER = '2099-01-01T00:00:00.000Z';
export const NOW = '2026-11-18T10:30:00.123Z';

/** Runs a contract over memory, a SQLite file and a MySQL database of its own. */
export function describePeople(port: string, describeContract: (name: string, open: () => Promise<People>) => void): void {
  describeContract(`${port} over memory`, openMemoryPeople);
  describeContract(`${port} over sqlite`, openSqlitePeople);
  describeWith('mysql', `${port} over mysql`, (url) => describeContract('contract', () => openMysqlPeople(url)));
}

function openMemoryPeople(): Promise<People> {
  const tables = createPeopleTables();
  return Promise.resolve({
    users: new MemoryUserStore(tables),
    devices: new MemoryDeviceStore(tables),
    teams: new MemoryTeamStore(tables),
    channels: new MemoryChannelStore(tables),
    receipts: new MemoryReceiptStore(tables),
    close: () => Promise.resolve(),
  });
}

async function openSqlitePeople(): Promise<People> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-people-'));
  return openSqlPeople(`sqlite:${join(folder, 'people.db')}`, () => rm(folder, { recursive: true }));
}

async function openMysqlPeople(server: string): Promise<People> {
  const url = databaseUrl(server, newDatabaseName());
  return openSqlPeople(url, () => dropDatabase(url));
}

async function openSqlPeople(url: string, clean: () => Promise<void>): Promise<People> {
  const db = openDatabase(url);
  await db.migrate();
  return {
    users: new SqlUserStore(db),
    devices: new SqlDeviceStore(db),
    teams: new SqlTeamStore(db),
    channels: new SqlChannelStore(db),
    receipts: new SqlReceiptStore(db),
    close: async () => {
      await db.close();
      await clean();
    },
  };
}

export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

export async function dropDatabase(url: string): Promise<void> {
  const db = openDatabase(url);
  await db.knex.raw('drop database ??', [new URL(url).pathname.slice(1)]);
  await db.close();
}

export async function addUser(people: People, change: Partial<User> = {}): Promise<User> {
  const id = newId() as UserId;
  const user = { id, username: `u-${id.toLowerCase()}`, displayName: 'Somebody', locale: 'en', createdAt: NOW, ...change };
  await people.users.create({ ...user, passwordHash: 'hash' });
  return user;
}

export async function addUsers(people: People, count: number): Promise<readonly User[]> {
  return Promise.all(Array.from({ length: count }, () => addUser(people)));
}

export async function addTeam(people: People, change: Partial<Team> = {}): Promise<Team> {
  const id = newId() as TeamId;
  const createdBy = change.createdBy ?? (await addUser(people)).id;
  const team = { id, name: 'Team', slug: `t-${id.toLowerCase()}`, createdAt: NOW, ...change, createdBy };
  await people.teams.create(team);
  return team;
}

export function newChannel(change: Partial<Channel> & Pick<Channel, 'createdBy'>): Channel {
  return { id: newId() as ChannelId, kind: 'group', teamId: null, name: 'Channel', topic: '', createdAt: NOW, ...change };
}

export async function addGroup(people: People, members: readonly User[]): Promise<Channel> {
  const [owner] = members;
  return people.channels.create(newChannel({ createdBy: owner!.id }), members.map(asMember));
}

export function asMember(user: User): ChannelMember {
  return { userId: user.id, role: 'member', joinedAt: NOW };
}

export function newDevice(userId: UserId, change: Partial<Device> = {}): Device {
  return { id: newId() as DeviceId, userId, name: 'Laptop', createdAt: NOW, lastSeenAt: NOW, ...change };
}

export const newHash = (): string => randomBytes(32).toString('hex');

/** The code of the ChatError that it rejects with; fails when it does not reject, or with anything else. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(ChatError);
  return (outcome as ChatError).code;
}
