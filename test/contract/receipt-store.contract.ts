import { expect } from 'chai';
import type { ChannelId, EventId, UserId } from '../../shared/domain/ids.js';
import type { Channel, User } from '../../shared/domain/model.js';
import type { ChannelReceipt } from '../../shared/ports/receipts.js';
import { addGroup, addUsers, codeOf, newId, type People } from './people-fixtures.js';

export function describeReceiptStoreContract(name: string, open: () => Promise<People>): void {
  describe(name, () => {
    let people: People;
    let alice: User;
    let bora: User;
    let channel: Channel;
    const [one, two, three] = [newId(), newId(), newId()] as [EventId, EventId, EventId];
    before(async () => void (people = await open()));
    beforeEach(async () => {
      [alice, bora] = (await addUsers(people, 2)) as [User, User];
      channel = await addGroup(people, [alice, bora]);
    });
    after(() => people.close());

    const receipt = (user: User, delivered: string, read = '', channelId: ChannelId = channel.id): ChannelReceipt => ({
      channelId,
      userId: user.id,
      delivered: delivered as EventId,
      read: read as EventId,
    });
    const advance = (...receipts: readonly ChannelReceipt[]) => people.receipts.advance(receipts);
    const stored = async (): Promise<unknown> => (await people.receipts.ofChannel(channel.id)).map((r) => [r.userId, r.delivered, r.read]);

    it('knows nothing of a channel that nobody has read', async () => {
      expect(await people.receipts.ofChannel(channel.id)).to.deep.equal([]);
      expect(await people.receipts.ofUser(alice.id)).to.deep.equal([]);
    });

    it('keeps a position and says that it moved', async () => {
      expect(await advance(receipt(alice, two, one))).to.deep.equal([{ ...receipt(alice, two, one), moved: true }]);
      expect(await stored()).to.deep.equal([[alice.id, two, one]]);
    });

    it('moves each position forward by itself', async () => {
      await advance(receipt(alice, two, one));
      await advance(receipt(alice, three));
      expect(await stored()).to.deep.equal([[alice.id, three, one]]);
    });

    it('what is read is delivered', async () => {
      await advance(receipt(alice, one));
      expect(await advance(receipt(alice, '', two))).to.deep.equal([{ ...receipt(alice, two, two), moved: true }]);
      expect(await stored()).to.deep.equal([[alice.id, two, two]]);
    });

    it('an older position, or the same again, moves nothing, and is answered with where it stands', async () => {
      await advance(receipt(alice, three, two));
      expect(await advance(receipt(alice, two, one))).to.deep.equal([{ ...receipt(alice, three, two), moved: false }]);
      expect(await advance(receipt(alice, three, two))).to.deep.equal([{ ...receipt(alice, three, two), moved: false }]);
      expect(await stored()).to.deep.equal([[alice.id, three, two]]);
    });

    it('answers in the order of the receipts, moved or not', async () => {
      const other = await addGroup(people, [alice]);
      await advance(receipt(bora, two));
      const answers = await advance(receipt(bora, one), receipt(alice, one), receipt(alice, two, '', other.id));
      expect(answers.map(({ userId, channelId, moved }) => [userId, channelId, moved])).to.deep.equal([
        [bora.id, channel.id, false],
        [alice.id, channel.id, true],
        [alice.id, other.id, true],
      ]);
    });

    it('takes none at all', async () => {
      expect(await advance()).to.deep.equal([]);
    });

    it('takes 500 at once', async () => {
      const users = await addUsers(people, 50);
      const groups = await Promise.all(Array.from({ length: 10 }, () => addGroup(people, users)));
      const receipts = groups.flatMap(({ id }) => users.map((user) => receipt(user, two, one, id)));
      expect((await advance(...receipts)).every(({ moved }) => moved)).to.equal(true);
      expect(await people.receipts.ofChannel(groups[9]!.id)).to.have.lengthOf(50);
    });

    it('ends at the largest, whichever of several writers comes last', async () => {
      const ids = Array.from({ length: 12 }, () => newId());
      const shuffled = [...ids].sort((a, b) => (a.slice(-1) + a < b.slice(-1) + b ? -1 : 1));
      await Promise.all(
        shuffled.map((id, i) =>
          i % 2 === 0 ? advance(receipt(alice, id), receipt(bora, id)) : advance(receipt(bora, id), receipt(alice, id)),
        ),
      );
      const last = ids.at(-1);
      expect(await stored()).to.deep.equal([
        [alice.id, last, ''],
        [bora.id, last, ''],
      ]);
    });

    it('shows nobody who has left, and everything again after the return', async () => {
      await advance(receipt(alice, one), receipt(bora, two));
      await people.channels.removeMember(channel.id, alice.id);
      expect(await stored()).to.deep.equal([[bora.id, two, '']]);
      expect(await people.receipts.ofUser(alice.id)).to.deep.equal([]);
      await people.channels.addMembers(channel.id, [{ userId: alice.id, role: 'member', joinedAt: channel.createdAt }], 10);
      expect(await people.receipts.ofUser(alice.id)).to.deep.equal([receipt(alice, one)]);
    });

    it('lists a user’s channels, newest first', async () => {
      const newer = await addGroup(people, [alice, bora]);
      await advance(receipt(alice, one), receipt(alice, two, two, newer.id), receipt(bora, three));
      expect(await people.receipts.ofUser(alice.id)).to.deep.equal([receipt(alice, two, two, newer.id), receipt(alice, one)]);
    });

    it('refuses a channel or a user that does not exist, and keeps nothing of the rest', async () => {
      const nobody = { ...alice, id: newId() as UserId };
      expect(await codeOf(advance(receipt(alice, one), receipt(nobody, one)))).to.equal('NOT_FOUND');
      expect(await codeOf(advance(receipt(alice, one), receipt(alice, one, '', newId() as ChannelId)))).to.equal('NOT_FOUND');
      expect(await stored()).to.deep.equal([]);
    });
  });
}
