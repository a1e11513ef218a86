import { expect } from 'chai';
import { WatchedPeople } from '../../../../server/chat/presence/watched-people.js';
import { WatchedTeams } from '../../../../server/chat/presence/watched-teams.js';
import type { TeamId, UserId } from '../../../../shared/domain/ids.js';
import { LIMITS } from '../../../../shared/protocol/limits.js';
import { FakeWatcher } from '../../../support/presence-world.js';

const MOST_TEAMS = 20_000;
const MOST_MEMBERSHIPS = 500_000;
const team = (n: number): TeamId => `team ${n}` as TeamId;

describe('the teams that are watched on a server', () => {
  const codeOf = (watch: () => unknown): string => {
    try {
      watch();
      return 'done';
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  };

  it('are 20,000 at most: one more is refused for now, and taken once another one is left', () => {
    const teams = new WatchedTeams(new WatchedPeople({ graceMs: 30_000 }));
    let watcher = new FakeWatcher('ann' as UserId);
    for (let n = 0; n < MOST_TEAMS; n++) {
      if (n % LIMITS.watchedTeams === 0) watcher = new FakeWatcher('ann' as UserId);
      teams.join(watcher, team(n));
    }
    const late = new FakeWatcher('ben' as UserId);
    expect(codeOf(() => teams.join(late, team(MOST_TEAMS)))).to.equal('OVERLOADED');
    expect(codeOf(() => teams.join(late, team(0)))).to.equal('done');
    teams.leave(watcher, team(MOST_TEAMS - 1), 0);
    expect(codeOf(() => teams.join(late, team(MOST_TEAMS)))).to.equal('done');
    expect(teams.size).to.equal(MOST_TEAMS);
  });

  it('have 500,000 members at most; teams that nobody watches any more make room', () => {
    const people = new WatchedPeople({ graceMs: 30_000 });
    const teams = new WatchedTeams(people);
    const [ann, ben] = [new FakeWatcher('ann' as UserId), new FakeWatcher('ben' as UserId)];
    const large = teams.join(ann, team(0));
    teams.setMembers(large, { userIds: new Set(['ann' as UserId]), guests: new Set() });
    Object.defineProperty(people, 'memberships', { get: () => (teams.get(team(0)) === undefined ? 0 : MOST_MEMBERSHIPS) });
    expect(codeOf(() => teams.join(ben, team(1)))).to.equal('OVERLOADED');
    teams.leave(ann, team(0), 0);
    expect(codeOf(() => teams.join(ben, team(1)))).to.equal('done');
    expect(teams.size).to.equal(1);
  });
});
