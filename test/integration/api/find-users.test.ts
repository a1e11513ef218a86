import { expect } from 'chai';
import type { UserListBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

describe('API: finding users', () => {
  let world: ApiWorld;
  let token: string;
  const ids: string[] = [];
  before(async () => {
    world = await new ApiWorld().start();
    for (const name of ['alex', 'alice', 'alina', 'bob']) ids.push((await world.signUp(name)).user.id);
    token = (await world.logIn('bob')).accessToken;
  });
  after(() => world.stop());

  async function find(query: string): Promise<{ readonly names: string[]; readonly next: string | null }> {
    const { body } = await world.ask<UserListBody>('GET', `/v1/users?${query}`, { token });
    return { names: body.users.map((user) => user.username), next: body.next };
  }

  it('pages through those whose name starts with the query', async () => {
    const first = await find('query=AL&limit=2');
    expect(first).to.deep.equal({ names: ['alex', 'alice'], next: 'alice' });
    expect(await find(`query=al&limit=2&cursor=${first.next ?? ''}`)).to.deep.equal({ names: ['alina'], next: null });
  });

  it('answers with those of the ids that exist', async () => {
    const { names, next } = await find(`ids=${ids[3] ?? ''},${ids[0] ?? ''},0000000000000`);
    expect([...names].sort()).to.deep.equal(['alex', 'bob']);
    expect(next).to.equal(null);
  });

  it('refuses ids that are none, and more than a hundred', async () => {
    expect(await world.outcome('GET', '/v1/users?ids=alice', { token })).to.equal('400 INVALID_INPUT');
    const many = Array.from({ length: 101 }, (_, i) => String(i).padStart(13, '0')).join(',');
    expect(await world.outcome('GET', `/v1/users?ids=${many}`, { token })).to.equal('400 INVALID_INPUT');
  });
});
