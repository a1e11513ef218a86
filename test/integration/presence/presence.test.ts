import { expect } from 'chai';
import type { TeamId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';
import type { RawClient, RawFrame } from '../../support/raw-client.js';

type Users = readonly { readonly userId: string; readonly status: string }[];

describeWith('amqp', 'presence of a team', (_amqpUrl) => {
  describeWith('redis', 'on several servers', () => {
    let world: ChatWorld;
    let [alice, bob, carol]: readonly WorldUser[] = [];
    let teamId: TeamId;

    beforeEach(async () => {
      world = await new ChatWorld().start({ servers: 2, worker: false });
      const [a, b, c] = await world.users('alice', 'bob', 'carol');
      [alice, bob, carol] = [a, b, c];
      teamId = await world.team(a, b);
    });
    afterEach(() => world.stop());

    /** Watches, and has the snapshot. */
    async function watch(user: WorldUser, server: number): Promise<{ readonly client: RawClient; readonly online: readonly string[] }> {
      const client = await world.connect(user, server);
      client.send({ type: 'watch', requestId: 'w', teamId });
      const snapshot = await client.next('presence', ({ snapshot }) => snapshot === 'last');
      return { client, online: usersOf(snapshot).map(({ userId }) => userId) };
    }

    const usersOf = (frame: RawFrame): Users => frame['users'] as Users;
    const change = async (client: RawClient): Promise<Users> => usersOf(await client.next('presence'));
    const changes = (client: RawClient): readonly RawFrame[] =>
      client.frames.filter(({ type, snapshot }) => type === 'presence' && snapshot === undefined);

    it('begins with those who are online, wherever they are', async () => {
      await world.connect(bob!, 1);
      const { online } = await watch(alice!, 0);
      expect(online).to.have.members([alice!.userId, bob!.userId]);
    });

    it('tells who comes online on another server', async () => {
      const { client } = await watch(alice!, 0);
      await world.connect(bob!, 1);
      expect(await change(client)).to.deep.equal([{ userId: bob!.userId, status: 'online' }]);
    });

    it('tells who has been away for the grace period', async () => {
      const bobs = await world.connect(bob!, 1);
      const { client } = await watch(alice!, 0);
      bobs.close();
      expect(await change(client)).to.deep.equal([{ userId: bob!.userId, status: 'offline' }]);
    });

    it('tells nobody of somebody who moves to another server', async () => {
      const bobs = await world.connect(bob!, 1);
      const { client } = await watch(alice!, 0);
      bobs.close();
      await bobs.closed;
      await world.connect(bob!, 0);
      // Later in the same order: had bob been told to be away, that would have come before.
      const carols = await world.connect(carol!, 1);
      await world.tools.teams.putMember(teamId, { userId: carol!.userId, role: 'member', joinedAt: new Date().toISOString() });
      await world.tools.invalidations.record([`team:${teamId}`]);
      expect(await change(client)).to.deep.equal([{ userId: carol!.userId, status: 'online' }]);
      carols.close();
      expect(await change(client)).to.deep.equal([{ userId: carol!.userId, status: 'offline' }]);
      expect(changes(client)).to.have.length(2);
    });

    it('tells nobody of a second device', async () => {
      await world.connect(bob!, 1);
      const { client } = await watch(alice!, 0);
      const second = await world.connect(bob!, 0);
      second.close();
      const bobsLast = changes(client);
      await world.servers[1]!.stop();
      world.servers.splice(1, 1);
      expect(await change(client)).to.deep.equal([{ userId: bob!.userId, status: 'offline' }]);
      expect(bobsLast).to.deep.equal([]);
    });

    it('takes the users of a server that was killed for offline, when its lease has ended', async () => {
      await world.connect(bob!, 1);
      const { client } = await watch(alice!, 0);
      world.servers[1]!.lines.break('amqp', 'redis');
      expect(await change(client)).to.deep.equal([{ userId: bob!.userId, status: 'offline' }]);
      world.servers[1]!.lines.mend();
    });

    it('is refused to who is not in the team, and to guests', async () => {
      const client = await world.connect(carol!, 0);
      client.send({ type: 'watch', requestId: 'w1', teamId });
      expect(await client.next('error')).to.include({ requestId: 'w1', code: 'NOT_FOUND' });
      await world.tools.teams.putMember(teamId, { userId: carol!.userId, role: 'guest', joinedAt: new Date().toISOString() });
      client.send({ type: 'watch', requestId: 'w2', teamId });
      expect(await client.next('error')).to.include({ requestId: 'w2', code: 'FORBIDDEN' });
    });

    it('ends for who is removed from the team, and the others see them no more', async () => {
      const watching = await watch(bob!, 1);
      const { client } = await watch(alice!, 0);
      await world.tools.teams.removeMember(teamId, bob!.userId);
      await world.tools.invalidations.record([`team:${teamId}`]);
      expect(await watching.client.next('presence')).to.deep.equal({ type: 'presence', teamId, users: [], ended: true });
      expect(await change(client)).to.deep.equal([{ userId: bob!.userId, status: 'offline' }]);
      client.close();
      await watching.client.settle();
      expect(changes(watching.client)).to.have.length(1);
    });

    it('ends with unwatch', async () => {
      const { client } = await watch(alice!, 0);
      const other = await watch(bob!, 0);
      // Both are on one server: once bob has it, alice would have been told before.
      client.send({ type: 'unwatch', teamId });
      await client.settle();
      await world.tools.teams.putMember(teamId, { userId: carol!.userId, role: 'member', joinedAt: new Date().toISOString() });
      await world.tools.invalidations.record([`team:${teamId}`]);
      await world.connect(carol!, 1);
      await other.client.next('presence', (frame) => usersOf(frame).some(({ userId }) => userId === carol!.userId));
      await client.settle();
      expect(
        changes(client)
          .flatMap(usersOf)
          .map(({ userId }) => userId),
      ).to.not.include(carol!.userId);
    });
  });
});
