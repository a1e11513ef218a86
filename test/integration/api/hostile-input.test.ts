import { request } from 'node:http';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { z } from 'zod';
import type { ErrorBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const VALUES: readonly unknown[] = [
  null,
  0,
  -1,
  Number.MAX_SAFE_INTEGER,
  true,
  '',
  ' ',
  '\u0000',
  'x'.repeat(5_000),
  [],
  [null],
  {},
  { $ne: 1 },
  ['a', 'b'],
];

describe('API: hostile input', () => {
  let world: ApiWorld;
  let token: string;
  before(async () => {
    world = await new ApiWorld().start();
    token = (await world.signUp('alice')).accessToken;
  });
  after(() => world.stop());

  const signUp = (asked: object) => world.ask<ErrorBody>('POST', '/v1/users', asked);

  for (const raw of ['', '{', '"text"', '12', 'null', '{"a":1}}', '\u0000', '{"username":"a', "{'a':1}"]) {
    it(`refuses the body ${JSON.stringify(raw)}`, async () => {
      const { status, body } = await signUp({ raw, headers: JSON_TYPE });
      expect(status).to.equal(400);
      expect(body.error.code).to.be.oneOf(['BAD_JSON', 'INVALID_INPUT']);
      expect(JSON.stringify(body)).to.not.include('position');
    });
  }

  it('refuses a body that is not JSON, by its type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp']) {
      const answer = await signUp({ raw: '{"username":"eve","password":"correct horse"}', headers: { 'content-type': type } });
      expect([answer.status, answer.body.error.code]).to.deep.equal([415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
  });

  it('refuses other character sets and compressed bodies', async () => {
    const latin = { 'content-type': 'application/json; charset=utf-7' };
    expect(await world.outcome('POST', '/v1/users', { raw: '{}', headers: latin })).to.equal('415 UNSUPPORTED_MEDIA_TYPE');
    const bomb = { raw: gzipSync('x'.repeat(1_000_000)), headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } };
    expect(await world.outcome('POST', '/v1/users', bomb)).to.equal('415 UNSUPPORTED_MEDIA_TYPE');
  });

  it('refuses huge bodies, sooner from those who are not logged in', async () => {
    const raw = JSON.stringify({ username: 'x'.repeat(20_000) });
    expect(await world.outcome('POST', '/v1/users', { raw, headers: JSON_TYPE })).to.equal('413 TOO_LARGE');
    expect(await world.outcome('PATCH', '/v1/me', { token, raw, headers: JSON_TYPE })).to.equal('200');
    const larger = JSON.stringify({ displayName: 'x'.repeat(300_000) });
    expect(await world.outcome('PATCH', '/v1/me', { token, raw: larger, headers: JSON_TYPE })).to.equal('413 TOO_LARGE');
  });

  it('refuses a huge body that does not say how long it is', async () => {
    const asked = request(`${world.url}/v1/users`, { method: 'POST', headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' } });
    asked.on('error', () => undefined);
    asked.write('"' + 'x'.repeat(70_000));
    const [response] = (await once(asked, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).to.equal(413);
    asked.destroy();
  });

  it('ignores keys that would reach a prototype', async () => {
    const raw = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"username":"mallory","password":"correct horse"}';
    const { status, body } = await world.ask('POST', '/v1/users', { raw, headers: JSON_TYPE });
    expect(status).to.equal(201);
    expect(body).to.not.have.nested.property('user.admin');
    expect({}).to.not.have.property('admin');
    expect(await world.outcome('GET', '/v1/users?__proto__[limit]=1&constructor=x', { token })).to.equal('200');
  });

  it('does not take fields of the model that the request has not', async () => {
    const raw = { username: 'rank', password: 'correct horse', id: '0000000000000', createdAt: 'x', passwordHash: 'x' };
    const { body } = await world.ask('POST', '/v1/users', { body: raw });
    expect(body).to.not.have.nested.property('user.id', '0000000000000');
  });

  it('names the first bad field', async () => {
    const fieldOf = async (path: string, body: unknown) => (await world.ask<ErrorBody>('POST', path, { token, body })).body.error.field;
    expect(await fieldOf('/v1/users', { username: 'eve' })).to.equal('password');
    expect(await fieldOf('/v1/users', { username: 'e', password: 'correct horse' })).to.equal('username');
    expect(await fieldOf('/v1/groups', { name: 'x', userIds: ['0000000000000', 7] })).to.equal('userIds.1');
    expect(await fieldOf('/v1/sync', { channels: [{ channelId: '0000000000000', after: 'x' }] })).to.equal('channels.0.after');
  });

  for (const route of new ApiWorld().routes.filter(({ body }) => body !== undefined)) {
    const path = route.path.replaceAll(/:\w+/g, '0000000000000');
    for (const field of Object.keys((route.body as z.ZodObject).shape)) {
      it(`answers any value of ${field} in ${route.method} ${route.path} with an error of the table, if any`, async () => {
        const ask = (value: unknown) => world.ask(route.method.toUpperCase(), path, { token, body: { [field]: value } });
        const answers = await Promise.all(VALUES.map(ask));
        expect(answers.filter((answer) => answer.status >= 500)).to.deep.equal([]);
      });
    }
  }

  it('answers every wrong query with an error of the table', async () => {
    const failures: string[] = [];
    const wrong = [
      'limit=-1',
      'limit=1e9',
      'limit=NaN',
      'limit[]=1',
      'limit=1&limit=2',
      'cursor=%00',
      'after=%F0%9F%98%80',
      'ids=',
      'ids=,,',
      'query=%25_%27',
      'before=..',
    ];
    for (const route of world.routes.filter(({ query }) => query !== undefined)) {
      for (const query of wrong) {
        const { status } = await world.ask('GET', `${route.path.replaceAll(/:\w+/g, '0000000000000')}?${query}`, { token });
        if (status >= 500 && route.path !== '/v1/servers') failures.push(`${route.path}?${query} → ${status}`);
      }
    }
    expect(failures).to.deep.equal([]);
  });

  for (const path of [
    '/v1/teams/x',
    '/v1/channels/%00',
    '/v1/channels/%E0%A4%A',
    '/v1/channels/__proto__',
    '/v1/channels/0000000000000%27--',
  ]) {
    it(`refuses the path ${path}`, async () => {
      expect(await world.outcome('GET', path, { token })).to.equal('400 INVALID_INPUT');
    });
  }

  it('does not believe an X-Request-Id that is none', async () => {
    const forged = 'a b"; drop';
    const { headers } = await world.ask('GET', '/healthz', { headers: { 'x-request-id': forged } });
    expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('takes no token from a query or a cookie', async () => {
    const outcome = await world.outcome('GET', `/v1/me?access_token=${token}`, { headers: { cookie: `accessToken=${token}` } });
    expect(outcome).to.equal('401 UNAUTHENTICATED');
  });
});
