import { expect } from 'chai';
import type { Caller } from '../../../api/use-cases/deps.js';
import { putTeamMember } from '../../../api/use-cases/put-team-member.js';
import { removeTeamMember } from '../../../api/use-cases/remove-team-member.js';
import { MemoryChannelStore } from '../../../shared/adapters/memory/channel-store.js';
import { createPeopleTables } from '../../../shared/adapters/memory/people-tables.js';
import { MemoryTeamStore } from '../../../shared/adapters/memory/team-store.js';
import { MemoryUserStore } from '../../../shared/adapters/memory/user-store.js';
import { formatId, type DeviceId, type TeamId, type UserId } from '../../../shared/domain/ids.js';
import type { TeamMember } from '../../../shared/domain/model.js';
import { FakeAnnouncer, FakeClock, FakeInvalidations, FakeLogger } from '../../support/api-fakes.js';

const clock = new FakeClock();
const at = new Date(clock.ms).toISOString();
const [ANN, BEN, TEAM] = [1, 2, 3].map((n) => formatId(clock.ms, 1, n)) as [UserId, UserId, TeamId];
const ann: Caller = { userId: ANN, deviceId: 'device' as DeviceId };

/** Two owners; the moment Ann's change of Ben is written, a change of Ann by Ben has just been written before it. */
class RacingTeamStore extends MemoryTeamStore {
  raced: (() => Promise<unknown>) | undefined;

  override async putMember(teamId: TeamId, member: TeamMember): Promise<void> {
    await this.#race();
    await super.putMember(teamId, member);
  }

  override async removeMember(teamId: TeamId, userId: UserId): ReturnType<MemoryTeamStore['removeMember']> {
    await this.#race();
    return super.removeMember(teamId, userId);
  }

  async #race(): Promise<void> {
    const raced = this.raced;
    this.raced = undefined;
    await raced?.();
  }
}

describe('the last owner of a team', () => {
  const tables = () => createPeopleTables();
  let deps: Parameters<typeof putTeamMember>[0] & Parameters<typeof removeTeamMember>[0] & { readonly teams: RacingTeamStore };
  const demoteAnn = () => deps.teams.putMember(TEAM, { userId: ANN, role: 'member', joinedAt: at });

  beforeEach(async () => {
    const shared = tables();
    const users = new MemoryUserStore(shared);
    for (const [id, username] of [
      [ANN, 'ann'],
      [BEN, 'ben'],
    ] as const) {
      await users.create({ id, username, displayName: username, locale: 'en', createdAt: at, passwordHash: '' });
    }
    const teams = new RacingTeamStore(shared);
    await teams.create({ id: TEAM, name: 'Acme', slug: 'acme', createdBy: ANN, createdAt: at });
    await teams.putMember(TEAM, { userId: BEN, role: 'owner', joinedAt: at });
    const channels = new MemoryChannelStore(shared);
    const rest = { clock, invalidations: new FakeInvalidations(), announcer: new FakeAnnouncer(), logger: new FakeLogger() };
    deps = { users, teams, channels, ...rest };
    deps.teams.raced = demoteAnn;
  });

  const refusalOf = (change: Promise<unknown>) =>
    change.then(
      () => 'none',
      (error: unknown) => (error as { code: string }).code,
    );

  it('stays one when two owners demote each other at the same time', async () => {
    expect(await refusalOf(putTeamMember(deps, ann, { teamId: TEAM, userId: BEN, role: 'member' }))).to.equal('FORBIDDEN');
    expect(await deps.teams.member(TEAM, BEN)).to.include({ role: 'owner' });
  });

  it('stays one when one owner removes another who demotes the first at the same time', async () => {
    expect(await refusalOf(removeTeamMember(deps, ann, { teamId: TEAM, userId: BEN }))).to.equal('FORBIDDEN');
    expect(await deps.teams.member(TEAM, BEN)).to.include({ role: 'owner' });
  });
});
