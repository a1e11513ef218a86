import { expect } from 'chai';
import type { ChannelBody, SessionBody, TeamBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

type Who = 'member' | 'outsider' | 'guest' | 'stranger';
type Kind = 'public' | 'private' | 'group' | 'dm';
const WHO: readonly Who[] = ['member', 'outsider', 'guest', 'stranger'];
const KINDS: readonly Kind[] = ['public', 'private', 'group', 'dm'];

/** What each may do with a channel that only `member` is in. Everybody but `stranger` is in the channel's team. */
const MATRIX: readonly {
  readonly does: string;
  readonly ask: (path: string) => [method: string, path: string, body?: unknown];
  readonly ok: string;
}[] = [
  { does: 'see', ask: (path) => ['GET', path], ok: '200' },
  { does: 'list the members of', ask: (path) => ['GET', `${path}/members`], ok: '200' },
  { does: 'read the history of', ask: (path) => ['GET', `${path}/messages`], ok: '200' },
  { does: 'set the topic of', ask: (path) => ['PATCH', path, { topic: 'x' }], ok: '200' },
  { does: 'add somebody to', ask: (path) => ['POST', `${path}/members`, { userIds: ['0000000000000'] }], ok: '400 INVALID_INPUT' },
  { does: 'remove somebody from', ask: (path) => ['DELETE', `${path}/members/0000000000000`], ok: '204' },
];

function expected(who: Who, kind: Kind, entry: (typeof MATRIX)[number]): string {
  const changes = !entry.ask('')[0].startsWith('GET');
  if (who === 'member') return kind === 'dm' && changes ? '403 FORBIDDEN' : entry.ok;
  if (who === 'outsider' && kind === 'public') return entry.does === 'see' ? '200' : '403 FORBIDDEN';
  return '404 NOT_FOUND';
}

describe('API: who may do what', () => {
  let world: ApiWorld;
  const sessions = new Map<Who, SessionBody>();
  const paths = new Map<Kind, string>();

  before(async () => {
    world = await new ApiWorld().start();
    for (const who of WHO) sessions.set(who, await world.signUp(who));
    const peer = await world.signUp('peer');
    const owner = { token: sessions.get('member')?.accessToken };
    const { team } = (await world.ask<TeamBody>('POST', '/v1/teams', { ...owner, body: { name: 'Acme', slug: 'acme' } })).body;
    for (const [who, role] of [
      ['outsider', 'member'],
      ['guest', 'guest'],
    ] as const) {
      await world.ask('PUT', `/v1/teams/${team.id}/members/${sessions.get(who)?.user.id ?? ''}`, { ...owner, body: { role } });
    }
    const creations: Record<Kind, [path: string, body: object]> = {
      public: [`/v1/teams/${team.id}/channels`, { kind: 'public', name: 'open' }],
      private: [`/v1/teams/${team.id}/channels`, { kind: 'private', name: 'closed' }],
      group: ['/v1/groups', { name: 'group', userIds: [peer.user.id] }],
      dm: ['/v1/dms', { userId: peer.user.id }],
    };
    for (const kind of KINDS) {
      const [path, body] = creations[kind];
      const { channel } = (await world.ask<ChannelBody>('POST', path, { ...owner, body })).body;
      paths.set(kind, `/v1/channels/${channel.id}`);
    }
  });
  after(() => world.stop());

  for (const kind of KINDS) {
    for (const who of WHO) {
      for (const entry of MATRIX) {
        const outcome = expected(who, kind, entry);
        it(`a ${who} who wants to ${entry.does} a ${kind} channel: ${outcome}`, async () => {
          const [method, path, body] = entry.ask(paths.get(kind) ?? '');
          expect(await world.outcome(method, path, { token: sessions.get(who)?.accessToken, body })).to.equal(outcome);
        });
      }
    }
  }

  /** What routes of these accesses answer to callers with no token, a wrong one, an old one and something else. */
  async function refusals(...accesses: readonly string[]): Promise<readonly string[]> {
    const old = world.accessTokens.sign(sessions.get('member') as never, world.clock.ms - 900_000).token;
    const outcomes = new Set<string>();
    for (const route of world.routes.filter(({ access }) => accesses.includes(access))) {
      const path = route.path.replaceAll(/:\w+/g, '0000000000000');
      const method = route.method.toUpperCase();
      outcomes.add(await world.outcome(method, path));
      outcomes.add(await world.outcome(method, path, { token: 'wrong' }));
      outcomes.add(await world.outcome(method, path, { token: old }));
      outcomes.add(await world.outcome(method, path, { headers: { authorization: 'Basic YTpi' } }));
    }
    return [...outcomes].sort();
  }

  it('every route for users refuses a caller without a token, with a wrong one and with an old one', async () => {
    expect(await refusals('caller', 'former-caller')).to.deep.equal(['401 TOKEN_EXPIRED', '401 TOKEN_INVALID', '401 UNAUTHENTICATED']);
  });

  it('every route for administrators refuses a caller without their token', async () => {
    expect(await refusals('admin')).to.deep.equal(['401 UNAUTHENTICATED', '403 FORBIDDEN']);
  });

  it('every route is for everybody, for users or for administrators', () => {
    expect([...new Set(world.routes.map(({ access }) => access))].sort()).to.deep.equal(['admin', 'caller', 'former-caller', 'public']);
  });

  it('the public routes are those that have to be', () => {
    const open = world.routes.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`);
    expect(open).to.deep.equal([
      'post /v1/users',
      'post /v1/sessions',
      'post /v1/sessions/refresh',
      'get /healthz',
      'get /readyz',
      'get /metrics',
      'get /v1/openapi.json',
      'get /v1/docs',
      'get /v1/docs/:asset',
    ]);
  });
});
