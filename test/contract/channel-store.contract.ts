import { expect } from 'chai';
import type { ChannelId, TeamId, UserId } from '../../shared/domain/ids.js';
import type { Channel, User } from '../../shared/domain/model.js';
import { addGroup, addTeam, addUser, addUsers, asMember, codeOf, newChannel, newId, type People } from './people-fixtures.js';

export function describeChannelStoreContract(name: string, open: () => Promise<People>): void {
  describe(name, () => {
    let people: People;
    let alice: User;
    let bora: User;
    before(async () => void (people = await open()));
    beforeEach(async () => void ([alice, bora] = (await addUsers(people, 2)) as [User, User]));
    after(() => people.close());

    const openDm = (...pair: readonly User[]): Promise<Channel> =>
      people.channels.create(newChannel({ kind: 'dm', name: '', createdBy: pair[0]!.id }), pair.map(asMember));
    const addPublic = (teamId: TeamId, channelName: string, kind: Channel['kind'] = 'public'): Promise<Channel> =>
      people.channels.create(newChannel({ kind, teamId, name: channelName, createdBy: alice.id }), [asMember(alice)]);
    const memberIds = async (id: ChannelId): Promise<UserId[]> => (await people.channels.members(id)).map((m) => m.userId);
    const listPublic = async (teamId: TeamId, cursor = '', limit = 10): Promise<string[]> =>
      (await people.channels.listPublic(teamId, { cursor, limit })).map((channel) => channel.name);

    it('returns a channel as it was created', async () => {
      const { id: teamId } = await addTeam(people);
      const channel = newChannel({ kind: 'private', teamId, name: '비밀 🤫', topic: '주제', createdBy: alice.id });
      expect(await people.channels.create(channel, [asMember(alice)])).to.deep.equal(channel);
      expect(await people.channels.findById(channel.id)).to.deep.equal(channel);
    });

    it('returns its members as they were given', async () => {
      const members = [{ ...asMember(alice), role: 'owner' as const }, asMember(bora)];
      const { id } = await people.channels.create(newChannel({ createdBy: alice.id }), members);
      expect(await people.channels.members(id)).to.have.deep.members(members);
    });

    it('returns the members of several channels, in their order', async () => {
      const [both, mine] = [await addGroup(people, [alice, bora]), await addGroup(people, [alice])];
      const found = await people.channels.memberIds([mine.id, newId() as ChannelId, both.id]);
      expect(found).to.deep.equal([[alice.id], [], [alice.id, bora.id].sort()]);
      await people.channels.removeMember(both.id, alice.id);
      expect(await people.channels.memberIds([both.id])).to.deep.equal([[bora.id]]);
      expect(await people.channels.memberIds([])).to.deep.equal([]);
    });

    it('does not know a channel that was never created, nor members of it', async () => {
      const id = newId() as ChannelId;
      expect(await people.channels.findById(id)).to.equal(undefined);
      expect(await people.channels.members(id)).to.deep.equal([]);
    });

    it('rejects a second channel with the same id as CONFLICT', async () => {
      const { id } = await addGroup(people, [alice]);
      const again = newChannel({ id, createdBy: alice.id });
      expect(await codeOf(people.channels.create(again, [asMember(alice)]))).to.equal('CONFLICT');
    });

    it('rejects a channel with a member who does not exist as NOT_FOUND, and creates nothing', async () => {
      const channel = newChannel({ createdBy: alice.id });
      const ghost = { ...asMember(alice), userId: newId() as UserId };
      expect(await codeOf(people.channels.create(channel, [asMember(alice), ghost]))).to.equal('NOT_FOUND');
      expect(await people.channels.findById(channel.id)).to.equal(undefined);
    });

    it('rejects a channel of a team that does not exist as NOT_FOUND', async () => {
      expect(await codeOf(addPublic(newId() as TeamId, 'general'))).to.equal('NOT_FOUND');
    });

    it('has one dm per pair, whoever opens it', async () => {
      const first = await openDm(alice, bora);
      expect(await openDm(bora, alice)).to.deep.equal(first);
      expect(await people.channels.listForUser(alice.id)).to.have.length(1);
    });

    it('has one dm when both open it at once', async () => {
      const [first, second] = await Promise.all([openDm(alice, bora), openDm(bora, alice)]);
      expect(first).to.deep.equal(second);
      expect(await memberIds(first.id)).to.have.members([alice.id, bora.id]);
    });

    it('has another dm for another pair', async () => {
      const chul = await addUser(people);
      expect((await openDm(alice, chul)).id).to.not.equal((await openDm(alice, bora)).id);
    });

    it('lists the channels of a user, the newest first', async () => {
      await addGroup(people, [bora]);
      const old = await addGroup(people, [alice]);
      const young = await addGroup(people, [alice, bora]);
      expect((await people.channels.listForUser(alice.id)).map((channel) => channel.id)).to.deep.equal([young.id, old.id]);
    });

    it('names the other one of a dm to each of the pair', async () => {
      const dm = await openDm(alice, bora);
      expect(await people.channels.listForUser(alice.id)).to.deep.equal([{ ...dm, peerId: bora.id }]);
      expect(await people.channels.listForUser(bora.id)).to.deep.equal([{ ...dm, peerId: alice.id }]);
    });

    it('names nobody for a dm with oneself, nor for a group', async () => {
      await openDm(alice);
      await addGroup(people, [alice, bora]);
      expect((await people.channels.listForUser(alice.id)).map((channel) => channel.peerId)).to.deep.equal([null, null]);
    });

    it("lists a team's public channels by name, and no private one", async () => {
      const { id } = await addTeam(people);
      for (const title of ['random', 'General', '공지']) await addPublic(id, title);
      await addPublic(id, 'board', 'private');
      await addPublic((await addTeam(people)).id, 'other');
      expect(await listPublic(id)).to.deep.equal(['General', 'random', '공지']);
    });

    it('pages through public channels after a name', async () => {
      const { id } = await addTeam(people);
      for (const title of ['d', 'B', 'a', 'C']) await addPublic(id, title);
      const first = await listPublic(id, '', 2);
      expect([first, await listPublic(id, first.at(-1), 2)]).to.deep.equal([
        ['a', 'B'],
        ['C', 'd'],
      ]);
    });

    it('rejects a second public channel of that name in the team as CONFLICT', async () => {
      const { id } = await addTeam(people);
      await addPublic(id, 'General');
      expect(await codeOf(addPublic(id, 'general'))).to.equal('CONFLICT');
      await addPublic((await addTeam(people)).id, 'general');
    });

    it('does not betray a private channel by its name', async () => {
      const { id } = await addTeam(people);
      await addPublic(id, 'board', 'private');
      await addPublic(id, 'board');
      expect(await listPublic(id)).to.deep.equal(['board']);
    });

    it('changes what is given and keeps the rest', async () => {
      const channel = await addGroup(people, [alice]);
      const changed = await people.channels.update(channel.id, { topic: '새 주제' });
      expect(changed).to.deep.equal({ ...channel, topic: '새 주제' });
      expect(await people.channels.findById(channel.id)).to.deep.equal(changed);
    });

    it('lists a renamed public channel under its new name', async () => {
      const { id } = await addTeam(people);
      const { id: channelId } = await addPublic(id, 'a');
      await addPublic(id, 'b');
      await people.channels.update(channelId, { name: 'C' });
      expect(await listPublic(id)).to.deep.equal(['b', 'C']);
    });

    it('rejects a public name that another channel has as CONFLICT', async () => {
      const { id } = await addTeam(people);
      await addPublic(id, 'a');
      const { id: channelId } = await addPublic(id, 'b');
      expect(await codeOf(people.channels.update(channelId, { name: 'A' }))).to.equal('CONFLICT');
    });

    it('changes no channel that does not exist', async () => {
      expect(await people.channels.update(newId() as ChannelId, { name: 'x' })).to.equal(undefined);
    });

    it('adds those who are missing, and returns them', async () => {
      const { id } = await addGroup(people, [alice]);
      expect(await people.channels.addMembers(id, [alice, bora, bora].map(asMember), 10)).to.deep.equal([bora.id]);
      expect(await memberIds(id)).to.have.members([alice.id, bora.id]);
    });

    it('adds nobody when the limit would be passed', async () => {
      const { id } = await addGroup(people, [alice]);
      const more = (await addUsers(people, 3)).map(asMember);
      expect(await codeOf(people.channels.addMembers(id, more, 3))).to.equal('CHANNEL_FULL');
      expect(await memberIds(id)).to.deep.equal([alice.id]);
    });

    it('fills a channel up to its limit', async () => {
      const { id } = await addGroup(people, [alice]);
      const more = (await addUsers(people, 2)).map(asMember);
      expect(await people.channels.addMembers(id, more, 3)).to.have.length(2);
    });

    it('keeps the limit when many add at once', async () => {
      const { id } = await addGroup(people, [alice]);
      const users = await addUsers(people, 8);
      const outcomes = await Promise.allSettled(users.map((user) => people.channels.addMembers(id, [asMember(user)], 4)));
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).to.have.length(3);
      expect(await memberIds(id)).to.have.length(4);
    });

    it('adds somebody once when it is asked for twice at once', async () => {
      const { id } = await addGroup(people, [alice]);
      const added = await Promise.all([1, 2].map(() => people.channels.addMembers(id, [asMember(bora)], 10)));
      expect(added.flat()).to.deep.equal([bora.id]);
    });

    it('does not complain of a full channel when nobody is missing', async () => {
      const { id } = await addGroup(people, [alice, bora]);
      expect(await people.channels.addMembers(id, [asMember(bora)], 1)).to.deep.equal([]);
    });

    it('rejects members for a channel that does not exist as NOT_FOUND', async () => {
      expect(await codeOf(people.channels.addMembers(newId() as ChannelId, [asMember(bora)], 10))).to.equal('NOT_FOUND');
    });

    it('rejects a member who does not exist as NOT_FOUND, and adds nobody', async () => {
      const { id } = await addGroup(people, [alice]);
      const ghost = { ...asMember(alice), userId: newId() as UserId };
      expect(await codeOf(people.channels.addMembers(id, [asMember(bora), ghost], 10))).to.equal('NOT_FOUND');
      expect(await memberIds(id)).to.deep.equal([alice.id]);
    });

    it('removes a member once', async () => {
      const { id } = await addGroup(people, [alice, bora]);
      expect(await people.channels.removeMember(id, bora.id)).to.equal(true);
      expect(await people.channels.removeMember(id, bora.id)).to.equal(false);
      expect(await memberIds(id)).to.deep.equal([alice.id]);
      expect(await people.channels.listForUser(bora.id)).to.deep.equal([]);
    });
  });
}
