import { expect } from 'chai';
import type { TeamId, UserId } from '../../../../shared/domain/ids.js';
import { LIMITS } from '../../../../shared/protocol/limits.js';
import { codeOf, FakeWatcher, PresenceWorld } from '../../../support/presence-world.js';

const TEAM = 'team' as TeamId;
const [ann, ben, cat] = ['ann', 'ben', 'cat'] as [UserId, UserId, UserId];

describe('who may watch the presence of a team, and how much', () => {
  let world: PresenceWorld;
  beforeEach(() => {
    world = new PresenceWorld();
    world.put(TEAM, ann, 'owner');
    world.put(TEAM, ben);
  });

  it('others are refused, and leave nothing behind', async () => {
    world.put(TEAM, cat, 'guest');
    const dan = 'dan' as UserId;
    expect(await codeOf(world.presence.watch(new FakeWatcher(cat), TEAM))).to.equal('FORBIDDEN');
    expect(await codeOf(world.presence.watch(new FakeWatcher(dan), TEAM))).to.equal('NOT_FOUND');
    await world.pass();
    expect(world.presence.idle).to.equal(true);
  });

  it('nothing is told between a change of members and their being read', async () => {
    const watcher = await world.watch(ben, TEAM);
    watcher.take();
    world.remove(TEAM, ben);
    await world.record(TEAM);
    await world.up(ann);
    await world.pass();
    expect(watcher.take()).to.deep.equal(['ended']);
  });

  it('a watcher who cannot be asked about is told nothing until that is possible, and then everything', async () => {
    await world.up(ben);
    const watcher = await world.watch(ben, TEAM);
    watcher.take();
    world.remove(TEAM, ben);
    await world.record(TEAM);
    world.away.member = true;
    await world.pass();
    await world.up(ann);
    await world.pass(5_000);
    expect(watcher.take()).to.deep.equal([]);
    world.put(TEAM, ben);
    world.away.member = false;
    await world.pass(5_000);
    expect(watcher.take()).to.deep.equal(['last, ann online, ben online']);
  });

  it('who becomes a guest watches no more', async () => {
    const watcher = await world.watch(ben, TEAM);
    watcher.take();
    world.put(TEAM, ben, 'guest');
    await world.record(TEAM);
    await world.pass();
    expect(watcher.take()).to.deep.equal(['ended']);
  });

  it('a session watches so many teams and no more', async () => {
    const watcher = new FakeWatcher(ann);
    const watchNext = (): Promise<string> => {
      const teamId = world.nextId() as TeamId;
      world.put(teamId, ann, 'owner');
      return codeOf(world.presence.watch(watcher, teamId));
    };
    for (let n = 0; n < LIMITS.watchedTeams; n++) expect(await watchNext()).to.equal('done');
    expect(await watchNext()).to.equal('TOO_LARGE');
  });

  it('large snapshots come in parts', async () => {
    const users = Array.from({ length: LIMITS.presenceUsers + 1 }, () => world.nextId() as UserId);
    for (const userId of users) {
      world.put(TEAM, userId);
      await world.up(userId);
    }
    const { frames } = await world.watch(ann, TEAM);
    expect(frames.map(({ snapshot, users: part }) => [snapshot, part.length])).to.deep.equal([
      ['part', LIMITS.presenceUsers],
      ['last', 1],
    ]);
    expect(new Set(frames.flatMap(({ users: part }) => part.map(({ userId }) => userId))).size).to.equal(users.length);
  });

  it('of a very large team the first members are told of, and the others may watch', async () => {
    const first = world.nextId() as UserId;
    world.put(TEAM, first);
    for (let n = 0; n < LIMITS.watchedMembers; n++) world.put(TEAM, world.nextId() as UserId);
    const last = 'zoe' as UserId;
    world.put(TEAM, last);
    await world.up(first);
    await world.up(last);
    expect((await world.watch(last, TEAM)).take()).to.deep.equal([`last, ${first} online`]);
  });

  it('the members of eight teams are read at one time, of the others after them', async () => {
    let answer = (): void => undefined;
    world.beforeMembers = new Promise((resolve) => (answer = resolve));
    const watcher = new FakeWatcher(ann);
    for (let n = 0; n < 12; n++) {
      const teamId = world.nextId() as TeamId;
      world.put(teamId, ann, 'owner');
      await world.presence.watch(watcher, teamId);
    }
    await world.pass();
    expect([world.reading, watcher.take()]).to.deep.equal([8, []]);
    answer();
    for (let n = 0; n < 3; n++) await world.pass();
    expect(watcher.take()).to.have.length(12);
  });
});
