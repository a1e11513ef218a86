import { expect } from 'chai';
import type { InvalidationLog } from '../../shared/ports/index.js';
import type { DescribeHotPath, HotPath } from './hot-path-fixtures.js';

export const describeInvalidationLogContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let log: InvalidationLog;

    beforeEach(async () => {
      hotPath = await open();
      log = hotPath.log;
    });
    afterEach(() => hotPath.close());

    it('tells a new reader to forget everything, once', async () => {
      const first = await log.readSince('');
      expect(first.everything).to.equal(true);
      expect(await log.readSince(first.cursor)).to.deep.equal({ cursor: first.cursor, keys: [], everything: false });
    });

    it('shows a reader who began before the first record that record', async () => {
      const { cursor } = await log.readSince('');
      await log.record(['user:a']);
      expect(await log.readSince(cursor))
        .to.include({ everything: false })
        .and.to.have.property('keys')
        .deep.equal(['user:a']);
    });

    it('shows each reader what was recorded since its cursor, in order', async () => {
      const start = await log.readSince('');
      await log.record(['user:a', 'channel:b']);
      const middle = await log.readSince(start.cursor);
      await log.record(['user:c']);
      expect(middle.keys).to.deep.equal(['user:a', 'channel:b']);
      expect((await log.readSince(middle.cursor)).keys).to.deep.equal(['user:c']);
      expect((await log.readSince(start.cursor)).keys).to.deep.equal(['user:a', 'channel:b', 'user:c']);
    });

    it('shows a read that was asked for after a record that record, without waiting in between', async () => {
      const { cursor } = await log.readSince('');
      const [, read] = await Promise.all([log.record(['user:a']), log.readSince(cursor)]);
      expect(read.keys).to.deep.equal(['user:a']);
    });

    it('tells a reader who is too far behind to forget everything', async () => {
      const { cursor } = await log.readSince('');
      await log.record(Array.from({ length: 10_001 }, (_, i) => `user:${i}`));
      const read = await log.readSince(cursor);
      expect(read).to.include({ everything: true });
      expect(read.keys).to.deep.equal([]);
      expect(await log.readSince(read.cursor)).to.include({ everything: false });
    });

    it('shows a reader as many keys as it keeps', async () => {
      const { cursor } = await log.readSince('');
      await log.record(Array.from({ length: 10_000 }, (_, i) => `user:${i}`));
      const read = await log.readSince(cursor);
      expect(read.everything).to.equal(false);
      expect(read.keys).to.have.lengthOf(10_000);
    });

    it('tells the reader of another log to forget everything', async () => {
      const { cursor } = await log.readSince('');
      const other = await open();
      expect(await other.log.readSince(cursor)).to.include({ everything: true });
      await other.close();
    });
  });
};
