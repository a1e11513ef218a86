import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import { openSqliteMessageStore } from '../../shared/adapters/sqlite/message-store.js';
import type { ChatEvent, MessageEvent } from '../../shared/domain/events.js';
import { NO_EVENT, type ClientId, type EventId, type UserId } from '../../shared/domain/ids.js';
import type { MessageStore } from '../../shared/ports/message-store.js';
import { seededRandom } from '../support/fuzz-frames.js';
import { useTemporaryFolder } from '../support/temporary-folder.js';
import { ChannelScript, sqliteStore, type OpenStore } from './message-fixtures.js';
import { newId } from './people-fixtures.js';

const SEEDS = [1, 2, 3, 4];
const CALLS = 20;

/** What is said in two channels by a few people, some of it twice, late, or under a client id that is taken. */
class Talk {
  readonly scripts = [new ChannelScript(), new ChannelScript()];
  readonly senders = Array.from({ length: 3 }, () => newId() as UserId);
  readonly said: MessageEvent[] = [];
  readonly #random: () => number;
  #late: ChatEvent[] = [];
  #turn = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** The events of one call: some of an earlier one come again, and some wait for a later one. */
  next(before: readonly ChatEvent[]): ChatEvent[] {
    const events = Array.from({ length: 1 + this.below(40) }, () => this.#event());
    const now = events.filter(() => this.below(20) > 0);
    const all = [...(this.below(4) === 0 ? before : []), ...this.#late, ...now];
    this.#late = events.filter((event) => !now.includes(event));
    return all;
  }

  #event(): ChatEvent {
    const script = this.pick(this.scripts);
    const about = this.said.filter(({ channelId }) => channelId === script.channelId);
    const kind = about.length === 0 ? 0 : this.below(30);
    const target = about.length === 0 ? undefined : this.pick(about);
    if (target === undefined || kind < 23) return this.#message(script, target);
    if (kind === 23) return script.edit(target.id, 'better');
    if (kind === 24) return script.remove(target.id);
    if (kind < 27) return script.react(target.id, '👍');
    if (kind === 27) return script.resend(target);
    if (kind === 28) return script.voids(target, newId() as EventId);
    return script.message({ senderId: target.senderId, clientId: target.clientId });
  }

  #message(script: ChannelScript, target: MessageEvent | undefined): MessageEvent {
    const clientId = (this.below(8) === 0 ? newId() : `counted-${(this.#turn += 1)}`) as ClientId;
    const special = this.below(12);
    const event = script.message({
      senderId: this.pick(this.senders),
      clientId,
      content: special === 3 ? '가"\\'.repeat(3_000) : `${this.#turn}`,
      ...(special === 1 ? { mentions: ['here'] } : {}),
      ...(special === 2 && target !== undefined ? { parentId: target.id } : {}),
    });
    this.said.push(event);
    return event;
  }
}

describe('Messages that are kept together in SQLite', () => {
  const opened: OpenStore[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  async function open(leastPerClaim: number): Promise<MessageStore> {
    const store = await sqliteStore({ leastPerClaim });
    opened.push(store);
    return store.store;
  }

  for (const seed of SEEDS) {
    it(`are the same as messages by themselves, whatever happens to them (seed ${seed})`, async () => {
      const talk = new Talk(seed);
      const alone = await open(Number.POSITIVE_INFINITY);
      const others = await Promise.all([1, 2, 4].map((least) => open(least)));
      let events: ChatEvent[] = [];
      for (let call = 0; call < CALLS; call++) {
        events = talk.next(events);
        const expected = await alone.apply(events);
        for (const store of others) expect(await store.apply(events)).to.deep.equal(expected);
      }
      const expected = await readings(alone, new Talk(seed), talk);
      for (const store of others) expect(await readings(store, new Talk(seed), talk)).to.deep.equal(expected);
      // Each write waits for the disk.
    }).timeout(60_000);
  }

  it('do not bring back a message that was voided, when it is delivered again', async () => {
    const store = await open(1);
    const script = new ChannelScript();
    const [lost, next] = [script.message(), script.message()];
    await store.apply([lost]);
    await store.apply([script.voids(lost, newId() as EventId)]);
    expect(await store.apply([lost, next])).to.deep.equal({ conflicts: [], orphans: [] });
    expect((await store.page(script.channelId, { limit: 10 })).map(({ id }) => id)).to.deep.equal([next.id]);
  });

  it('do not take a client id that a message by itself has', async () => {
    const store = await open(1);
    const script = new ChannelScript();
    const first = script.message({ mentions: ['here'] });
    const copy = script.message({ clientId: first.clientId });
    await store.apply([first]);
    expect(await store.apply([copy, script.message()])).to.deep.equal({ conflicts: [{ event: copy, winnerId: first.id }], orphans: [] });
  });

  describe('in a file', () => {
    const folder = useTemporaryFolder();
    let path: string;
    beforeEach(() => {
      path = join(folder.path, 'messages.db');
    });

    const counted = (script: ChannelScript, count: number): MessageEvent[] =>
      Array.from({ length: count }, (_, n) => script.message({ clientId: `counted-${n}` as ClientId }));

    it('are counted, for whoever asks how many there are', async () => {
      const store = openSqliteMessageStore(path);
      const script = new ChannelScript();
      const events = counted(script, 50);
      await store.apply(events);
      await store.apply([script.edit(events[7]?.id as EventId, 'better')]);
      await store.close();
      const db = new Sqlite(path, { readonly: true });
      const counts = db.prepare('select (select count(*) from messages) as rows, (select sum(messages) from runs) as kept').get();
      db.close();
      expect(counts).to.deep.equal({ rows: 1, kept: 49 });
    });

    it('are kept in a file of the version before as well', async () => {
      await openSqliteMessageStore(path).close();
      const db = new Sqlite(path);
      db.exec('drop table runs; drop table claims; pragma user_version = 1');
      db.close();
      const store = openSqliteMessageStore(path);
      const script = new ChannelScript();
      const events = counted(script, 20);
      await store.apply(events);
      expect((await store.page(script.channelId, { limit: 30 })).map(({ id }) => id)).to.deep.equal(events.map(({ id }) => id));
      await store.close();
    });

    it('keep their client ids from another process that has written to the channel before', async () => {
      const [mine, theirs] = [openSqliteMessageStore(path), openSqliteMessageStore(path)];
      const script = new ChannelScript();
      await mine.apply([script.message()]);
      const events = counted(script, 20);
      await theirs.apply(events);
      const copy = script.message({ clientId: events[3]?.clientId as ClientId });
      expect(await mine.apply([copy])).to.deep.equal({ conflicts: [{ event: copy, winnerId: events[3]?.id }], orphans: [] });
      await Promise.all([mine.close(), theirs.close()]);
    });
  });
});

/** Everything that can be asked of the store, about what was said. */
async function readings(store: MessageStore, random: Talk, { scripts, said }: Talk): Promise<unknown[]> {
  const found: unknown[] = [await store.lastEventIds(scripts.map(({ channelId }) => channelId))];
  for (const { channelId } of scripts) {
    const ids = said.filter((event) => event.channelId === channelId).map(({ id }) => id);
    const messages = await store.getMany(channelId, ids.slice(0, 500));
    found.push([...messages].sort((a, b) => (a.id < b.id ? -1 : 1)));
    for (let n = 0; n < 30; n++) {
      const [id, limit] = [random.pick(ids), 1 + random.below(50)];
      found.push(await store.page(channelId, { before: id, limit }), await store.page(channelId, { after: id, limit }));
      found.push(await store.page(channelId, { after: id, before: random.pick(ids), limit }));
      found.push(await store.changedAfter(channelId, n === 0 ? NO_EVENT : id, limit));
      const { senderId, clientId } = random.pick(said);
      found.push((await store.findByClientId(channelId, senderId, clientId)) ?? 'nobody');
    }
    found.push(await store.page(channelId, { limit: 1_000 }), await store.changedAfter(channelId, NO_EVENT, 1_000));
  }
  return found;
}
