import { expect } from 'chai';
import type { TeamId, UserId } from '../../shared/domain/ids.js';
import type { Team, TeamRole, User } from '../../shared/domain/model.js';
import { addGroup, addTeam, addUser, addUsers, asMember, codeOf, LATER, newChannel, newId, NOW, type People } from './people-fixtures.js';

export function describeTeamStoreContract(name: string, open: () => Promise<People>): void {
  describe(name, () => {
    let people: People;
    let owner: User;
    let team: Team;
    before(async () => void (people = await open()));
    beforeEach(async () => {
      owner = await addUser(people);
      team = await addTeam(people, { createdBy: owner.id });
    });
    after(() => people.close());

    const join = async (user: User, role: TeamRole = 'member', joinedAt = NOW): Promise<void> =>
      people.teams.putMember(team.id, { userId: user.id, role, joinedAt });
    const addChannel = (members: readonly User[], teamId: TeamId | null = team.id) =>
      people.channels.create(newChannel({ kind: 'private', teamId, createdBy: owner.id }), members.map(asMember));

    it('returns a team as it was created', async () => {
      const created = await addTeam(people, { name: '우리 팀' });
      expect(await people.teams.findById(created.id)).to.deep.equal(created);
    });

    it('does not know a team that was never created', async () => {
      expect(await people.teams.findById(newId() as TeamId)).to.equal(undefined);
    });

    it('makes its creator the owner', async () => {
      const member = { userId: owner.id, role: 'owner', joinedAt: team.createdAt };
      expect(await people.teams.member(team.id, owner.id)).to.deep.equal(member);
    });

    it('rejects a second team with the same slug as CONFLICT', async () => {
      expect(await codeOf(addTeam(people, { slug: team.slug }))).to.equal('CONFLICT');
    });

    it('rejects a team of nobody as NOT_FOUND, and creates nothing', async () => {
      const id = newId() as TeamId;
      expect(await codeOf(addTeam(people, { id, createdBy: newId() as UserId }))).to.equal('NOT_FOUND');
      expect(await people.teams.findById(id)).to.equal(undefined);
    });

    it("lists a user's teams with the user's role in each", async () => {
      const guest = await addUser(people);
      const own = await addTeam(people, { createdBy: guest.id });
      await join(guest, 'guest');
      expect(await people.teams.listForUser(guest.id)).to.have.deep.members([
        { ...team, role: 'guest' },
        { ...own, role: 'owner' },
      ]);
    });

    it('lists no teams for somebody who is in none', async () => {
      expect(await people.teams.listForUser((await addUser(people)).id)).to.deep.equal([]);
    });

    it('does not know a member who never joined', async () => {
      expect(await people.teams.member(team.id, (await addUser(people)).id)).to.equal(undefined);
    });

    it('changes the role of a member and keeps when it joined', async () => {
      const user = await addUser(people);
      await join(user);
      await join(user, 'admin', LATER);
      expect(await people.teams.member(team.id, user.id)).to.deep.equal({ userId: user.id, role: 'admin', joinedAt: NOW });
    });

    it('puts a member once when it is put twice at once', async () => {
      const user = await addUser(people);
      await Promise.all([join(user), join(user)]);
      expect(await people.teams.members(team.id, { after: '', limit: 10 })).to.have.length(2);
    });

    it('rejects a member of a team that does not exist as NOT_FOUND', async () => {
      const member = { userId: owner.id, role: 'member', joinedAt: NOW } as const;
      expect(await codeOf(people.teams.putMember(newId() as TeamId, member))).to.equal('NOT_FOUND');
    });

    it('rejects a member who does not exist as NOT_FOUND', async () => {
      const member = { userId: newId() as UserId, role: 'member', joinedAt: NOW } as const;
      expect(await codeOf(people.teams.putMember(team.id, member))).to.equal('NOT_FOUND');
    });

    it('pages through members by user id', async () => {
      const users = await addUsers(people, 4);
      for (const user of users) await join(user);
      const first = await people.teams.members(team.id, { after: '', limit: 3 });
      const rest = await people.teams.members(team.id, { after: first.at(-1)!.userId, limit: 3 });
      expect(first).to.have.length(3);
      expect([...first, ...rest].map((m) => m.userId)).to.deep.equal([owner, ...users].map((u) => u.id).sort());
    });

    it('removes a member', async () => {
      const user = await addUser(people);
      await join(user);
      await people.teams.removeMember(team.id, user.id);
      expect(await people.teams.member(team.id, user.id)).to.equal(undefined);
      expect(await people.teams.listForUser(user.id)).to.deep.equal([]);
    });

    it("removes a member from the team's channels, and from no other", async () => {
      const user = await addUser(people);
      await join(user);
      const channel = await addChannel([owner, user]);
      await addChannel([owner]);
      const outside = await addGroup(people, [owner, user]);
      const elsewhere = await addChannel([owner, user], (await addTeam(people)).id);
      expect(await people.teams.removeMember(team.id, user.id)).to.deep.equal([channel.id]);
      expect((await people.channels.members(channel.id)).map((m) => m.userId)).to.deep.equal([owner.id]);
      expect((await people.channels.listForUser(user.id)).map((c) => c.id)).to.have.members([outside.id, elsewhere.id]);
    });

    it('leaves no channel when it removes somebody who never joined', async () => {
      expect(await people.teams.removeMember(team.id, (await addUser(people)).id)).to.deep.equal([]);
    });
  });
}
