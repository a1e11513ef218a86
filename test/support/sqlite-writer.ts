import { openDatabase } from '../../shared/adapters/sql/database.js';
import { SqlUserStore } from '../../shared/adapters/sql/user-store.js';
import { openSqliteMessageStore } from '../../shared/adapters/sqlite/message-store.js';
import { IdClock, type UserId } from '../../shared/domain/ids.js';
import { ChannelScript } from '../contract/message-fixtures.js';

/** One of several processes on one SQLite file: `sqlite-writer.ts people|messages <path> <node> <count>`. */
const [kind, path = '', node = '0', count = '0'] = process.argv.slice(2);

if (kind === 'people') await writePeople();
else await writeMessages();

async function writePeople(): Promise<void> {
  const db = openDatabase(`sqlite:${path}`);
  await db.migrate();
  const users = new SqlUserStore(db);
  const clock = new IdClock({ node: Number(node), now: Date.now });
  for (let i = 0; i < Number(count); i++) {
    const id = clock.next() as UserId;
    await users.create({
      id,
      username: id.toLowerCase(),
      displayName: id,
      locale: 'en',
      createdAt: new Date().toISOString(),
      passwordHash: '-',
    });
  }
  await db.close();
}

async function writeMessages(): Promise<void> {
  const store = openSqliteMessageStore(path);
  const script = new ChannelScript(Number(node));
  for (let i = 0; i < Number(count); i++) await store.apply(script.messages(20));
  console.log(script.channelId);
  await store.close();
}
