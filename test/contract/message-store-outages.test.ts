import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { MongoMessageStore } from '../../shared/adapters/mongodb/message-store.js';
import { openSqliteMessageStore } from '../../shared/adapters/sqlite/message-store.js';
import { messageFromEvent } from '../../shared/domain/events.js';
import type { ChannelId } from '../../shared/domain/ids.js';
import { runWriters } from '../support/sqlite-processes.js';
import { useTemporaryFolder } from '../support/temporary-folder.js';
import { ChannelScript } from './message-fixtures.js';
import { codeOf } from './people-fixtures.js';

describe('a SQLite message store', () => {
  const folder = useTemporaryFolder();
  let path: string;
  beforeEach(() => {
    path = join(folder.path, 'deep/er/messages.db');
  });

  it('keeps its messages when it is opened again', async () => {
    const event = new ChannelScript().message();
    const first = openSqliteMessageStore(path);
    await first.apply([event]);
    await first.close();
    const second = openSqliteMessageStore(path);
    expect(await second.page(event.channelId, { limit: 10 })).to.deep.equal([messageFromEvent(event)]);
    await second.close();
  });

  it('shows one process what another one wrote', async () => {
    const event = new ChannelScript().message();
    const [writer, reader] = [openSqliteMessageStore(path), openSqliteMessageStore(path)];
    await reader.ping();
    await writer.apply([event]);
    expect(await reader.lastEventIds([event.channelId])).to.deep.equal([event.id]);
    await Promise.all([writer.close(), reader.close()]);
  });

  it('takes the writes of several processes at once', async () => {
    const channelIds = await runWriters('messages', path, 20);
    const store = openSqliteMessageStore(path);
    for (const channelId of channelIds) expect(await store.page(channelId as ChannelId, { limit: 1000 })).to.have.length(400);
    await store.close();
  }).timeout(60_000);

  it('opens and reads while another process holds the write lock', async () => {
    const event = new ChannelScript().message();
    const writer = openSqliteMessageStore(path);
    await writer.apply([event]);
    const holder = new Sqlite(path);
    holder.exec('begin immediate');
    const reader = openSqliteMessageStore(path);
    expect(await reader.lastEventIds([event.channelId])).to.deep.equal([event.id]);
    holder.exec('rollback');
    holder.close();
    await Promise.all([writer.close(), reader.close()]);
  });

  it('rejects with UNAVAILABLE once it is closed', async () => {
    const store = openSqliteMessageStore(path);
    await store.close();
    expect(await codeOf(store.ping())).to.equal('UNAVAILABLE');
    expect(await codeOf(store.apply(new ChannelScript().messages(1)))).to.equal('UNAVAILABLE');
  });
});

describe('a MongoDB message store that is away', () => {
  const open = (): MongoMessageStore =>
    new MongoMessageStore(new MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 100 }), 'warren');

  it('rejects reads and writes with UNAVAILABLE', async () => {
    const store = open();
    const { channelId } = new ChannelScript();
    expect(await codeOf(store.page(channelId, { limit: 1 }))).to.equal('UNAVAILABLE');
    expect(await codeOf(store.apply(new ChannelScript().messages(1)))).to.equal('UNAVAILABLE');
    expect(await codeOf(store.ping())).to.equal('UNAVAILABLE');
    await store.close();
  });

  it('rejects with UNAVAILABLE once it is closed', async () => {
    const store = open();
    await store.close();
    expect(await codeOf(store.ping())).to.equal('UNAVAILABLE');
  });
});
