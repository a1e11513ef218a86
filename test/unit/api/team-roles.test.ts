import { expect } from 'chai';
import { mayChangeRole } from '../../../api/use-cases/team-access.js';
import type { TeamRole } from '../../../shared/domain/model.js';

type Held = TeamRole | 'nobody';
const ROLES: readonly Held[] = ['owner', 'admin', 'member', 'guest', 'nobody'];
const BELOW_STAFF: readonly Held[] = ['member', 'guest', 'nobody'];

function heldRole(role: Held): TeamRole | undefined {
  return role === 'nobody' ? undefined : role;
}

function allowed(actor: TeamRole, from: Held, to: Held): boolean {
  return mayChangeRole(actor, heldRole(from), heldRole(to));
}

describe('who may change whose role in a team', () => {
  for (const from of ROLES) {
    for (const to of ROLES) {
      it(`from ${from} to ${to}`, () => {
        expect(allowed('owner', from, to), 'owner').to.equal(true);
        expect(allowed('admin', from, to), 'admin').to.equal(BELOW_STAFF.includes(from) && BELOW_STAFF.includes(to));
        expect(allowed('member', from, to), 'member').to.equal(false);
        expect(allowed('guest', from, to), 'guest').to.equal(false);
      });
    }
  }
});
