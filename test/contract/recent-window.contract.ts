import { expect } from 'chai';
import { formatId, type ChannelId, type EventId } from '../../shared/domain/ids.js';
import type { ArchiveMark, RecentWindow, WindowEntry } from '../../shared/ports/index.js';
import { nextChannel, nextId, WINDOW_BOUNDS, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const START = '' as EventId;
/** What is numbered within as much and appended together may be kept as one. */
const MOMENT_MS = 8;

export const describeRecentWindowContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let window: RecentWindow;
    let channelId: ChannelId;

    beforeEach(async () => {
      hotPath = await open();
      window = hotPath.window;
      channelId = nextChannel();
    });
    afterEach(() => hotPath.close());

    function makeEntries(count: number, bytes: Uint8Array = Buffer.from('{}')): WindowEntry[] {
      return Array.from({ length: count }, () => ({ channelId, id: nextId(), bytes }));
    }
    /** Ascending ids of several servers, all of the same moment or a later one. */
    function makeAtOnce(count: number, moment = 0): WindowEntry[] {
      const ms = (Math.floor(Date.UTC(2027, 0, 1) / MOMENT_MS) + moment) * MOMENT_MS;
      return Array.from({ length: count }, (_, n) => ({ channelId, id: formatId(ms, n, 0) as EventId, bytes: Buffer.from(`{"n":${n}}`) }));
    }
    function markOf(entries: readonly WindowEntry[]): ArchiveMark {
      const through = entries
        .map(({ id }) => id)
        .sort()
        .at(-1) as EventId;
      return { channelId, through, events: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes.length, 0) };
    }
    async function idsAfter(after: EventId, limit = 1_000): Promise<readonly EventId[]> {
      const [slice] = await window.after([{ channelId, after, limit }]);
      return slice?.events.map(({ id }) => id) ?? [];
    }

    /** All that follows, page by page. */
    async function idsByPages(limit: number, after = START): Promise<readonly EventId[]> {
      const [slice] = await window.after([{ channelId, after, limit }]);
      const ids = slice?.events.map(({ id }) => id) ?? [];
      expect(ids.length).to.be.at.most(limit);
      const last = ids.at(-1);
      return slice?.more === true && last !== undefined ? [...ids, ...(await idsByPages(limit, last))] : ids;
    }

    it('answers an unknown channel with nothing', async () => {
      expect(await window.after([{ channelId, after: START, limit: 10 }])).to.deep.equal([
        { events: [], archivedThrough: '', more: false, whole: true },
      ]);
    });

    it('returns the bytes as they were appended, whatever they are', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
      const [entry] = makeEntries(1, bytes) as [WindowEntry];
      await window.append([entry]);
      const [slice] = await window.after([{ channelId, after: START, limit: 1 }]);
      expect(Buffer.from(slice?.events[0]?.bytes ?? [])).to.deep.equal(Buffer.from(bytes));
    });

    it('keeps the bytes of appends apart that are under way together', async () => {
      const entries = ['first '.repeat(10_000), 'second', 'third '.repeat(20_000)].flatMap((text) => makeEntries(1, Buffer.from(text)));
      await Promise.all(entries.map((entry) => window.append([entry])));
      const [slice] = await window.after([{ channelId, after: START, limit: 10 }]);
      expect(slice?.events.map(({ bytes }) => Buffer.from(bytes))).to.deep.equal(entries.map(({ bytes }) => bytes));
    });

    it('takes what was reserved in its data set, and nothing of another one', async () => {
      const [mine, foreign] = makeEntries(2) as [WindowEntry, WindowEntry];
      await window.append([mine], { epoch: window.epoch });
      const refused = await window.append([foreign], { epoch: 'another' }).catch((error: unknown) => error);
      expect(refused).to.include({ code: 'UNAVAILABLE', temporary: true });
      expect(await idsAfter(START)).to.deep.equal([mine.id]);
    });

    it('returns what follows an id, ascending, whatever the order of the appends', async () => {
      const [a, b, c, d] = makeEntries(4) as [WindowEntry, WindowEntry, WindowEntry, WindowEntry];
      await window.append([d, b]);
      await window.append([c, a]);
      expect(await idsAfter(START)).to.deep.equal([a.id, b.id, c.id, d.id]);
      expect(await idsAfter(b.id)).to.deep.equal([c.id, d.id]);
      expect(await idsAfter(d.id)).to.deep.equal([]);
    });

    it('cuts at the limit, oldest first, and says that there is more', async () => {
      const entries = makeEntries(3);
      await window.append(entries);
      const [cut, exact] = await window.after([
        { channelId, after: START, limit: 2 },
        { channelId, after: START, limit: 3 },
      ]);
      expect(cut?.events.map(({ id }) => id)).to.deep.equal(entries.slice(0, 2).map(({ id }) => id));
      expect([cut?.more, exact?.more]).to.deep.equal([true, false]);
    });

    it('answers many channels in the order of the asks', async () => {
      const other = nextChannel();
      const [mine] = makeEntries(1) as [WindowEntry];
      const theirs = { channelId: other, id: nextId(), bytes: Buffer.from('{}') };
      await window.append([mine, theirs]);
      const slices = await window.after([other, nextChannel(), channelId].map((id) => ({ channelId: id, after: START, limit: 5 })));
      expect(slices.map(({ events }) => events.map(({ id }) => id))).to.deep.equal([[theirs.id], [], [mine.id]]);
    });

    it('holds an event that is appended twice once', async () => {
      const [entry] = makeEntries(1) as [WindowEntry];
      await window.append([entry]);
      await window.append([{ ...entry, bytes: Buffer.from('{"prev":""}') }]);
      expect(await idsAfter(START)).to.deep.equal([entry.id]);
    });

    it('puts in order what several servers numbered at the same moment, however it is cut', async () => {
      const [a, b, c, d] = makeAtOnce(4) as [WindowEntry, WindowEntry, WindowEntry, WindowEntry];
      const [e, f] = makeAtOnce(2, 1) as [WindowEntry, WindowEntry];
      for (const group of [[a, d, e], [b], [c], [f]]) await window.append(group);
      const ids = [a, b, c, d, e, f].map(({ id }) => id);
      for (let limit = 1; limit <= 7; limit++) expect(await idsByPages(limit), `limit ${limit}`).to.deep.equal(ids);
      for (const [n, id] of ids.entries()) {
        const [slice] = await window.after([{ channelId, after: id, limit: 2 }]);
        expect(slice?.events.map((event) => event.id)).to.deep.equal(ids.slice(n + 1, n + 3));
        expect(slice?.more).to.equal(n + 3 < ids.length);
      }
    });

    it('holds events once that are appended again in other groups, however they are cut', async () => {
      const [a, b, c, d] = makeAtOnce(4) as [WindowEntry, WindowEntry, WindowEntry, WindowEntry];
      const ids = [a, b, c, d].map(({ id }) => id);
      const groups = [[c, d], [b, d], [a, d], [d], [a, b], [a, b, c, d], [b, c]];
      for (let count = 3; count <= groups.length; count++) {
        for (const group of groups.slice(0, count)) await window.append(group);
        for (let limit = 1; limit <= 5; limit++) expect(await idsByPages(limit), `${count} groups, limit ${limit}`).to.deep.equal(ids);
      }
    });

    it('finds each of the events that were appended together', async () => {
      const [a, b, c, d, missing] = makeAtOnce(5) as [WindowEntry, WindowEntry, WindowEntry, WindowEntry, WindowEntry];
      await window.append([a, b, d]);
      await window.append([c]);
      const asked = [d, b, missing, a, c];
      const found = await window.get(
        channelId,
        asked.map(({ id }) => id),
      );
      expect(found.map((bytes) => bytes && Buffer.from(bytes))).to.deep.equal([d.bytes, b.bytes, undefined, a.bytes, c.bytes]);
      expect(await window.holds(asked)).to.deep.equal([true, true, false, true, true]);
      for (const { id, bytes } of [a, b, c, d]) {
        const [only] = await window.get(channelId, [id]);
        expect(Buffer.from(only ?? [])).to.deep.equal(bytes);
        expect(await window.holds([{ channelId, id }])).to.deep.equal([true]);
      }
      expect(await window.holds([{ channelId: nextChannel(), id: b.id }])).to.deep.equal([false]);
    });

    it('keeps bytes that begin with zero, by themselves and among others', async () => {
      const texts = ['\0', '\0{}', '{}', '\0\0\0\0\0', ''];
      const entries = makeAtOnce(8).map((entry, n) => ({ ...entry, bytes: Buffer.from(texts[n % texts.length]!) }));
      await window.append(entries.slice(0, 1));
      await window.append(entries.slice(1, 2));
      await window.append(entries.slice(2));
      const [slice] = await window.after([{ channelId, after: START, limit: 10 }]);
      expect(slice?.events.map(({ id, bytes }) => ({ channelId, id, bytes: Buffer.from(bytes) }))).to.deep.equal(entries);
    });

    it('gets single events by id', async () => {
      const [a, b] = makeEntries(2, Buffer.from('[1]')) as [WindowEntry, WindowEntry];
      await window.append([a, b]);
      const found = await window.get(channelId, [b.id, nextId(), a.id]);
      expect(found.map((bytes) => bytes && Buffer.from(bytes).toString())).to.deep.equal(['[1]', undefined, '[1]']);
    });

    it('says which events it holds', async () => {
      const [a, b] = makeEntries(2) as [WindowEntry, WindowEntry];
      await window.append([b]);
      const answer = await window.holds([
        { channelId, id: a.id },
        { channelId: nextChannel(), id: b.id },
        { channelId, id: b.id },
      ]);
      expect(answer).to.deep.equal([false, false, true]);
    });

    it('keeps the largest archived id of each channel', async () => {
      const [a, b, c] = makeEntries(3) as [WindowEntry, WindowEntry, WindowEntry];
      await window.append([a, b, c]);
      await window.markArchived([markOf([a, b])]);
      await window.markArchived([markOf([a])]);
      const [slice] = await window.after([{ channelId, after: START, limit: 1 }]);
      expect(slice?.archivedThrough).to.equal(b.id);
    });

    it('drops nothing that is not archived', async () => {
      const entries = makeEntries(WINDOW_BOUNDS.keepEvents * 5);
      await window.append(entries);
      const third = entries[2] as WindowEntry;
      for (const entry of entries.slice(0, 3)) await window.markArchived([markOf([entry])]);
      await window.markArchived([{ ...markOf([third]), events: WINDOW_BOUNDS.keepEvents }]);
      expect(await idsAfter(third.id)).to.have.lengthOf(entries.length - 3);
    });

    it('drops nothing that is not archived, however large', async () => {
      const entries = makeEntries(4, Buffer.alloc(WINDOW_BOUNDS.keepBytes));
      await window.append(entries);
      await window.markArchived([markOf(entries.slice(0, 2))]);
      expect(await idsAfter(START)).to.deep.equal(entries.slice(2).map(({ id }) => id));
    });

    it('drops archived events beyond the number that it keeps', async () => {
      const entries = makeEntries(WINDOW_BOUNDS.keepEvents * 5 + 7);
      await window.append(entries);
      await window.markArchived([markOf(entries)]);
      const kept = await idsAfter(START);
      // Events that were appended together may only go together: a tenth more may stay.
      expect(kept.length).to.be.within(WINDOW_BOUNDS.keepEvents, WINDOW_BOUNDS.keepEvents * 1.1);
      expect(kept).to.deep.equal(entries.slice(-kept.length).map(({ id }) => id));
    });

    it('drops archived events beyond the bytes that it keeps, never the newest', async () => {
      const entries = makeEntries(4, Buffer.alloc(WINDOW_BOUNDS.keepBytes + 100));
      await window.append(entries);
      await window.markArchived([markOf(entries)]);
      expect(await idsAfter(START)).to.deep.equal(entries.slice(-1).map(({ id }) => id));
    });

    it('stays bounded over many small archive steps', async () => {
      for (let i = 0; i < WINDOW_BOUNDS.keepEvents * 4; i++) {
        const entries = makeEntries(1);
        await window.append(entries);
        await window.markArchived([markOf(entries)]);
      }
      expect((await idsAfter(START)).length).to.be.within(WINDOW_BOUNDS.keepEvents, WINDOW_BOUNDS.keepEvents * 1.5);
    });

    it('answers empty asks', async () => {
      await window.append([]);
      expect(await window.after([])).to.deep.equal([]);
      await window.markArchived([]);
      expect(await window.holds([])).to.deep.equal([]);
      expect(await window.get(channelId, [])).to.deep.equal([]);
    });
  });
};
