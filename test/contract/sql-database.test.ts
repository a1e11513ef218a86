import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { SqlChannelStore } from '../../shared/adapters/sql/channel-store.js';
import { openDatabase, type Database } from '../../shared/adapters/sql/database.js';
import { SqlDeviceStore } from '../../shared/adapters/sql/device-store.js';
import { SqlReceiptStore } from '../../shared/adapters/sql/receipt-store.js';
import { SqlTeamStore } from '../../shared/adapters/sql/team-store.js';
import { SqlUserStore } from '../../shared/adapters/sql/user-store.js';
import type { UserId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import { describeWith } from '../support/products.js';
import { runWriters } from '../support/sqlite-processes.js';
import {
  addGroup,
  addUser,
  addUsers,
  asMember,
  codeOf,
  databaseUrl,
  dropDatabase,
  newDatabaseName,
  newId,
  type People,
} from './people-fixtures.js';

interface Place {
  readonly url: string;
  clean(): Promise<void>;
}

async function newSqlitePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-sql-'));
  return { url: `sqlite:${join(folder, 'deep/er/people.db')}`, clean: () => rm(folder, { recursive: true }) };
}

function peopleOf(db: Database): People {
  return {
    users: new SqlUserStore(db),
    devices: new SqlDeviceStore(db),
    teams: new SqlTeamStore(db),
    channels: new SqlChannelStore(db),
    receipts: new SqlReceiptStore(db),
    close: () => db.close(),
  };
}

function describeDatabase(name: string, newPlace: () => Promise<Place>): void {
  describe(name, () => {
    let place: Place;
    let opened: Database[];
    beforeEach(async () => {
      place = await newPlace();
      opened = [];
    });
    afterEach(async () => {
      await Promise.all(opened.map((db) => db.close()));
      await place.clean();
    });
    const open = (): Database => {
      const db = openDatabase(place.url);
      opened.push(db);
      return db;
    };

    it('is created and migrated once when several ask at once', async () => {
      await Promise.all([open(), open(), open()].map((db) => db.migrate()));
      const migrations = await open().read((knex) => knex('schema_migrations').pluck('name'));
      expect(migrations).to.deep.equal(['0001-users', '0002-devices', '0003-teams', '0004-channels', '0005-channel-positions']);
    });

    it('keeps its data when it is migrated again', async () => {
      const db = open();
      await db.migrate();
      const user = await addUser(peopleOf(db));
      await db.migrate();
      expect(await new SqlUserStore(open()).findById(user.id)).to.deep.equal(user);
    });

    it('is migrated although the migration lock of a dead process is left', async () => {
      await open().migrate();
      await open().write((trx) => trx('schema_migrations_lock').update({ is_locked: 1 }));
      await open().migrate();
    });

    it('answers a ping', async () => {
      const db = open();
      await db.migrate();
      await db.ping();
    });

    it('undoes the whole write when a part of it fails', async () => {
      const db = open();
      await db.migrate();
      const id = newId() as UserId;
      const row = { id, username: 'x', display_name: 'x', display_name_key: 'x', locale: 'en', password_hash: '-', created_at: '-' };
      const write = db.write(async (trx) => {
        await trx('users').insert(row);
        await trx('users').insert(row);
      });
      expect(await codeOf(write)).to.equal('CONFLICT');
      expect(await new SqlUserStore(db).findById(id)).to.equal(undefined);
    });

    it('keeps values out of its errors, which are logged', async () => {
      const db = open();
      await db.migrate();
      const user = { ...(await addUser(peopleOf(db))), passwordHash: 'very-secret-hash' };
      const error: unknown = await new SqlUserStore(db).create(user).catch((reason: unknown) => reason);
      const cause = (error as ChatError).cause as Error;
      expect(inspect(cause, { showHidden: true, depth: 5 })).to.not.contain('very-secret-hash');
    });

    it('keeps the member limit when several connections add at once', async () => {
      await open().migrate();
      const people = [open(), open()].map(peopleOf);
      const [owner, ...others] = await addUsers(people[0]!, 9);
      const { id } = await addGroup(people[0]!, [owner!]);
      await Promise.allSettled(others.map((user, index) => people[index % 2]!.channels.addMembers(id, [asMember(user)], 4)));
      expect(await people[0]!.channels.members(id)).to.have.length(4);
    });

    it('lets connections of one process write at once', async () => {
      await open().migrate();
      const people = [open(), open(), open()].map(peopleOf);
      const users = await Promise.all(Array.from({ length: 30 }, (_, index) => addUser(people[index % 3]!)));
      expect(await people[0]!.users.findMany(users.map((user) => user.id))).to.have.length(30);
    });

    it('rejects with UNAVAILABLE once it is closed', async () => {
      const db = open();
      await db.migrate();
      await db.close();
      expect(await codeOf(db.ping())).to.equal('UNAVAILABLE');
    });
  });
}

describeDatabase('Database over sqlite', newSqlitePlace);
describeWith('mysql', 'Database over mysql', (server) =>
  describeDatabase('contract', () => {
    const url = databaseUrl(server, newDatabaseName());
    return Promise.resolve({ url, clean: () => dropDatabase(url) });
  }),
);

describe('openDatabase', () => {
  it('refuses a URL of another product', () => {
    expect(() => openDatabase('postgres://localhost/x'))
      .to.throw(ChatError)
      .with.property('code', 'INVALID_INPUT');
  });

  it('rejects with UNAVAILABLE where no MySQL listens', async () => {
    const db = openDatabase('mysql://warren:warren@127.0.0.1:1/warren');
    expect(await codeOf(db.ping())).to.equal('UNAVAILABLE');
    expect(await codeOf(db.migrate())).to.equal('UNAVAILABLE');
    await db.close();
  });

  it('rejects with UNAVAILABLE where the SQLite path is a folder', async () => {
    const db = openDatabase(`sqlite:${tmpdir()}`);
    expect(await codeOf(db.ping())).to.equal('UNAVAILABLE');
    await db.close();
  });
});

describe('a SQLite database of several processes', () => {
  it('is migrated and written by all of them at once', async () => {
    const place = await newSqlitePlace();
    await runWriters('people', place.url.slice('sqlite:'.length), 100);
    const db = openDatabase(place.url);
    expect(await db.read((knex) => knex('users').count('* as count').first())).to.deep.equal({ count: 300 });
    await db.close();
    await place.clean();
  }).timeout(60_000);
});
