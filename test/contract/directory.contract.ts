import { expect } from 'chai';
import type { SessionId } from '../../shared/domain/ids.js';
import type { Directory } from '../../shared/ports/index.js';
import { makeRoute, makeServer, nextUser, until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const LEASE_MS = 60_000;
const MAX_SESSIONS = 64;

export const describeDirectoryContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let directory: Directory;
    const server1 = makeServer('server1');
    const server2 = makeServer('server2');

    beforeEach(async () => {
      hotPath = await open();
      directory = hotPath.directory;
      await hotPath.registry.renew(server1, LEASE_MS);
      await hotPath.registry.renew(server2, LEASE_MS);
    });
    afterEach(() => hotPath.close());

    it('finds the sessions of users, in the order asked, nobody for the offline', async () => {
      const [alice, bob, carol] = [nextUser(), nextUser(), nextUser()];
      const [phone, laptop, bobs] = [makeRoute(alice, server1), makeRoute(alice, server2), makeRoute(bob, server2)];
      await directory.register([phone, laptop]);
      await directory.register([bobs]);
      const [ofBob, ofCarol, ofAlice] = await directory.lookup([bob, carol, alice]);
      expect(ofBob).to.deep.equal([bobs]);
      expect(ofCarol).to.deep.equal([]);
      expect(ofAlice).to.have.deep.members([phone, laptop]);
    });

    it('registers a session twice as one', async () => {
      const route = makeRoute(nextUser(), server1);
      await directory.register([route]);
      await directory.register([route]);
      expect(await directory.lookup([route.userId])).to.deep.equal([[route]]);
    });

    it('finds a session where it was registered last', async () => {
      const route = makeRoute(nextUser(), server1);
      const moved = { ...route, serverId: server2.serverId, incarnation: server2.incarnation };
      await directory.register([route]);
      await directory.register([moved]);
      expect(await directory.lookup([route.userId])).to.deep.equal([[moved]]);
    });

    it('unregisters one session and leaves the others', async () => {
      const user = nextUser();
      const [gone, stays] = [makeRoute(user, server1), makeRoute(user, server2)];
      await directory.register([gone, stays]);
      await directory.unregister([gone]);
      expect(await directory.lookup([user])).to.deep.equal([[stays]]);
    });

    it('does not unregister an entry of another incarnation or another server', async () => {
      const route = makeRoute(nextUser(), server1);
      await directory.register([route]);
      await directory.unregister([{ ...route, incarnation: 'earlier' }]);
      await directory.unregister([{ ...route, serverId: server2.serverId }]);
      expect(await directory.lookup([route.userId])).to.deep.equal([[route]]);
    });

    it('ignores entries of a server that has no lease', async () => {
      const user = nextUser();
      await directory.register([makeRoute(user, makeServer('server9'))]);
      expect(await directory.lookup([user])).to.deep.equal([[]]);
    });

    it('ignores entries of an earlier incarnation', async () => {
      const user = nextUser();
      const current = makeRoute(user, server1);
      await directory.register([makeRoute(user, makeServer('server1', { incarnation: 'earlier' })), current]);
      expect(await directory.lookup([user])).to.deep.equal([[current]]);
    });

    it('finds a server that registered after a look-up at once', async () => {
      const user = nextUser();
      await directory.lookup([user]);
      const newcomer = makeServer('server3');
      await hotPath.registry.renew(newcomer, LEASE_MS);
      const route = makeRoute(user, newcomer);
      await directory.register([route]);
      expect(await directory.lookup([user])).to.deep.equal([[route]]);
    });

    it('removes the entries of a dead server when it meets them', async () => {
      const user = nextUser();
      const dead = makeServer('server9');
      const route = makeRoute(user, dead);
      await directory.register([route]);
      const { cursor } = await hotPath.log.readSince('');
      await directory.lookup([user]);
      // The removal is an unregistration: it shows in the log. After it, the server's comeback brings nothing back.
      await until(
        () => hotPath.log.readSince(cursor),
        ({ keys }) => keys.includes(`user:${user}`),
      );
      await hotPath.registry.renew(dead, LEASE_MS);
      expect(await directory.lookup([user])).to.deep.equal([[]]);
    });

    it('keeps the newest 64 sessions of a user', async () => {
      const user = nextUser();
      const routes = Array.from({ length: MAX_SESSIONS + 2 }, () => makeRoute(user, server1));
      await directory.register(routes);
      const [found] = await directory.lookup([user]);
      expect(found).to.have.lengthOf(MAX_SESSIONS);
    });

    it('counts the age of a session from its first registration', async () => {
      const user = nextUser();
      const oldest = makeRoute(user, server1);
      // Ages are told in milliseconds.
      const later = async (): Promise<void> => {
        const now = performance.now();
        await until(
          () => Promise.resolve(performance.now()),
          (time) => time > now + 3,
        );
      };
      await directory.register([oldest]);
      await later();
      await directory.register(Array.from({ length: MAX_SESSIONS - 1 }, () => makeRoute(user, server1)));
      await later();
      await directory.register([oldest]);
      await directory.register([makeRoute(user, server1)]);
      const [found] = await directory.lookup([user]);
      expect(found).to.have.lengthOf(MAX_SESSIONS).and.not.to.deep.include(oldest);
    });

    it('logs the user of each registration and of each removal', async () => {
      const { cursor } = await hotPath.log.readSince('');
      const [a, b] = [makeRoute(nextUser(), server1), makeRoute(nextUser(), server1)];
      await directory.register([a, b]);
      const registered = await hotPath.log.readSince(cursor);
      await directory.unregister([b]);
      const removed = await hotPath.log.readSince(registered.cursor);
      expect(registered.keys).to.have.members([`user:${a.userId}`, `user:${b.userId}`]);
      expect(removed.keys).to.deep.equal([`user:${b.userId}`]);
    });

    it('takes more routes in one call than one script may', async () => {
      const routes = Array.from({ length: 1_200 }, () => makeRoute(nextUser(), server1));
      await directory.register(routes);
      const found = await directory.lookup(routes.map(({ userId }) => userId));
      expect(found).to.deep.equal(routes.map((route) => [route]));
    });

    it('answers empty calls', async () => {
      await directory.register([]);
      await directory.unregister([]);
      await directory.unregister([{ ...makeRoute(nextUser(), server1), sessionId: 'none' as SessionId }]);
      expect(await directory.lookup([])).to.deep.equal([]);
    });
  });
};
