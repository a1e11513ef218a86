import { expect } from 'chai';
import type { TeamId, UserId } from '../../../../shared/domain/ids.js';
import { codeOf, GRACE_MS, PresenceWorld, type FakeWatcher } from '../../../support/presence-world.js';

const TEAM = 'team' as TeamId;
const [ann, ben, cat] = ['ann', 'ben', 'cat'] as [UserId, UserId, UserId];

describe('presence on one server', () => {
  let world: PresenceWorld;
  beforeEach(() => {
    world = new PresenceWorld();
    world.put(TEAM, ann, 'owner');
    world.put(TEAM, ben);
  });

  /** Has had the snapshot. */
  async function watch(): Promise<FakeWatcher> {
    const watcher = await world.watch(ann, TEAM);
    watcher.take();
    return watcher;
  }

  it('a snapshot first, then changes, each told once', async () => {
    await world.up(ann);
    const watcher = await world.watch(ann, TEAM);
    expect(watcher.take()).to.deep.equal(['last, ann online']);
    await world.up(ben);
    await world.up(ben, 'b');
    await world.pass();
    expect(watcher.take()).to.deep.equal(['ben online']);
    await world.down(ben);
    await world.down(ben, 'b');
    await world.pass(GRACE_MS - 1);
    expect(watcher.take()).to.deep.equal([]);
    await world.pass(5_000);
    expect(watcher.take()).to.deep.equal(['ben offline']);
  });

  it('who comes back within the grace period was never away', async () => {
    await world.up(ben);
    const watcher = await watch();
    await world.down(ben);
    await world.pass(GRACE_MS - 5_000);
    await world.up(ben, 'elsewhere');
    await world.pass(2 * GRACE_MS);
    expect(watcher.take()).to.deep.equal([]);
  });

  it('one who watches later is shown the same as those before', async () => {
    await world.up(ben);
    await watch();
    await world.down(ben);
    await world.pass(5_000);
    expect((await world.watch(ann, TEAM)).take()).to.deep.equal(['last, ben online']);
  });

  it('a watcher that comes back soon finds what was known', async () => {
    await world.up(ben);
    const watcher = await watch();
    await world.down(ben);
    await world.pass(5_000);
    world.presence.forget(watcher);
    await world.pass(5_000);
    expect((await world.watch(ann, TEAM)).take()).to.deep.equal(['last, ben online']);
  });

  it('users of a server whose lease has ended go offline without anybody saying so', async () => {
    await world.up(ben);
    const watcher = await watch();
    await world.die();
    await world.pass(GRACE_MS + 25_000);
    expect(watcher.take()).to.deep.equal(['ben offline']);
  });

  it('looks nobody up while nobody is online and nothing happens', async () => {
    await watch();
    world.lookups = 0;
    await world.pass(60_000);
    expect(world.lookups).to.equal(0);
  });

  it('has nothing to do once nobody watches', async () => {
    world.presence.forget(await watch());
    await world.pass(GRACE_MS + 5_000);
    expect(world.presence.idle).to.equal(true);
  });

  it('a change of members is told as a change of who is there', async () => {
    await world.up(ben);
    await world.up(cat);
    const watcher = await watch();
    world.put(TEAM, cat, 'guest');
    world.remove(TEAM, ben);
    await world.record(TEAM);
    await world.pass();
    expect(watcher.take()).to.deep.equal(['ben offline, cat online']);
  });

  it('so is somebody who joins and is known from another watched team', async () => {
    const other = 'other' as TeamId;
    world.put(other, ann);
    world.put(other, cat);
    await world.up(cat);
    await world.watch(ann, other);
    const watcher = await watch();
    world.put(TEAM, cat);
    await world.record(TEAM);
    await world.pass();
    expect(watcher.take()).to.deep.equal(['cat online']);
  });

  it('a directory that is away changes nothing that is believed', async () => {
    await world.up(ben);
    const watcher = await watch();
    world.away.directory = true;
    await world.down(ben);
    expect(await codeOf(world.presence.round())).to.equal('UNAVAILABLE');
    world.now += 2 * GRACE_MS;
    world.away.directory = false;
    await world.up(ben);
    await world.pass(GRACE_MS);
    expect(watcher.take()).to.deep.equal([]);
  });

  it('what was to be looked up while it was away is looked up afterwards', async () => {
    const watcher = await watch();
    world.away.directory = true;
    await world.up(ben);
    await codeOf(world.presence.round());
    world.away.directory = false;
    await world.pass();
    expect(watcher.take()).to.deep.equal(['ben online']);
  });

  it('a log that was lost makes it look everybody up', async () => {
    const watcher = await watch();
    await world.up(ben);
    // More than it holds: what was first is gone.
    await world.log.record(Array.from({ length: 30_000 }, () => 'user:nobody'));
    await world.pass();
    expect(watcher.take()).to.deep.equal(['ben online']);
  });
});
