import { expect } from 'chai';
import { WatchedPeople } from '../../../../server/chat/presence/watched-people.js';
import type { TeamId, UserId } from '../../../../shared/domain/ids.js';

const GRACE_MS = 30_000;
const TEAM = 't1' as TeamId;
const [ANN, BEN] = ['ann', 'ben'] as [UserId, UserId];

describe('what is believed of people whose presence is watched', () => {
  let people: WatchedPeople;
  beforeEach(() => {
    people = new WatchedPeople({ graceMs: GRACE_MS });
    people.join(ANN, TEAM);
  });

  const see = (present: boolean, now: number): string | undefined => people.observe(ANN, { present, now });

  it('a session makes somebody online at once, and only once', () => {
    expect([see(true, 0), see(true, 1)]).to.deep.equal(['online', undefined]);
  });

  it('who was never seen is offline, which nobody has to be told', () => {
    expect(people.isKnown(ANN)).to.equal(false);
    expect(see(false, 0)).to.equal(undefined);
    expect(people.isKnown(ANN)).to.equal(true);
  });

  it('who has no session stays online until the grace period has passed', () => {
    see(true, 0);
    expect(see(false, 1_000)).to.equal(undefined);
    expect(see(false, 1_000 + GRACE_MS - 1)).to.equal(undefined);
    expect(people.isOnline(ANN)).to.equal(true);
    expect(see(false, 1_000 + GRACE_MS)).to.equal('offline');
    expect(people.isOnline(ANN)).to.equal(false);
  });

  it('who comes back within it was never away, and the next absence begins anew', () => {
    see(true, 0);
    see(false, 1_000);
    expect(see(true, 20_000)).to.equal(undefined);
    see(false, 25_000);
    expect(see(false, 1_000 + GRACE_MS)).to.equal(undefined);
    expect(see(false, 25_000 + GRACE_MS)).to.equal('offline');
  });

  it('an absence that has lasted is looked up again, not one that has not', () => {
    people.join(BEN, TEAM);
    see(true, 0);
    people.observe(BEN, { present: true, now: 0 });
    see(false, 1_000);
    people.observe(BEN, { present: false, now: 2_000 });
    people.doubtOverdue(1_000 + GRACE_MS);
    expect(people.doubtful(10)).to.deep.equal([ANN]);
  });

  it('sweeps those who are online in turn', () => {
    const users = Array.from({ length: 5 }, (_, i) => `user${i}` as UserId);
    for (const userId of users) {
      people.join(userId, TEAM);
      people.observe(userId, { present: true, now: 0 });
    }
    see(false, 0);
    const swept = [0, 0, 0].flatMap(() => {
      people.sweep(2);
      const next = people.doubtful(10);
      for (const userId of next) people.observe(userId, { present: true, now: 1 });
      return next;
    });
    expect(swept).to.deep.equal([...users, users[0]]);
  });

  it('forgets who is in no watched team any more', () => {
    see(true, 0);
    people.join(ANN, 't2' as TeamId);
    expect(people.memberships).to.equal(2);
    people.leave(ANN, TEAM);
    expect([...people.teamsOf(ANN)]).to.deep.equal(['t2']);
    people.leave(ANN, 't2' as TeamId);
    expect([people.memberships, people.onlineCount, people.isOnline(ANN)]).to.deep.equal([0, 0, false]);
    people.doubt(ANN);
    expect(people.doubtful(10)).to.deep.equal([]);
  });
});
