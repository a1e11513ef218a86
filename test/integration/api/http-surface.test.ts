import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ChatError } from '../../../shared/errors/chat-error.js';
import { ApiWorld } from '../../support/api-world.js';

const ORIGIN = 'https://app.example.com';

describe('API: HTTP surface', () => {
  let world: ApiWorld;
  const readiness: { name: string; check: () => Promise<void> }[] = [];
  beforeEach(async () => {
    readiness.length = 0;
    world = await new ApiWorld({ readiness }).start();
  });
  afterEach(() => world.stop());

  it('answers an unknown path with NOT_FOUND', async () => {
    for (const path of ['/', '/v1', '/v1/nothing', '/V1/me', '/v2/me']) expect(await world.outcome('GET', path)).to.equal('404 NOT_FOUND');
  });

  it('answers a known path with the wrong method with 405 and what is allowed', async () => {
    for (const route of world.routes) {
      const path = route.path.replaceAll(/:\w+/g, '0000000000000');
      const { status, headers } = await world.ask('PROPFIND', path);
      expect(status, path).to.equal(405);
      expect(headers.get('allow')?.split(', ')).to.include(route.method.toUpperCase());
    }
  });

  it('answers OPTIONS with the methods, and HEAD like GET without a body', async () => {
    const options = await world.ask('OPTIONS', '/v1/me');
    expect([options.status, options.headers.get('allow')]).to.deep.equal([204, 'HEAD, GET, PATCH']);
    const head = await fetch(`${world.url}/healthz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
  });

  it('lets pages of listed origins in, and no others', async () => {
    const preflight = (origin: string) =>
      world.ask('OPTIONS', '/v1/me', {
        headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' },
      });
    const listed = await preflight(ORIGIN);
    expect(listed.status).to.equal(204);
    expect(listed.headers.get('access-control-allow-origin')).to.equal(ORIGIN);
    expect(listed.headers.get('access-control-allow-methods')).to.include('PATCH');
    expect(listed.headers.get('access-control-allow-headers')?.toLowerCase()).to.include('authorization');
    for (const origin of [`${ORIGIN}.evil.test`, 'http://app.example.com', 'null']) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin'), origin).to.equal(null);
    }
    const answer = await world.ask('GET', '/v1/me', { headers: { origin: ORIGIN } });
    expect(answer.headers.get('access-control-allow-origin')).to.equal(ORIGIN);
    expect(answer.headers.get('vary')).to.include('Origin');
  });

  it('sets headers that keep pages safe and let the web client work', async () => {
    const { headers } = await world.ask('GET', '/healthz');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy)
      .to.include("default-src 'self'")
      .and.include("script-src 'self';")
      .and.include("connect-src 'self' ws: wss: http: https:");
    expect(policy).to.include("img-src 'self' data:").and.not.include('upgrade-insecure-requests');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('x-powered-by')).to.equal(null);
    expect(headers.get('cache-control')).to.equal('no-store');
  });

  it('carries the request id in header, error and log', async () => {
    const { headers, body } = await world.ask('GET', '/v1/me', { headers: { 'x-request-id': 'from-the-gateway' } });
    expect(headers.get('x-request-id')).to.equal('from-the-gateway');
    expect(headers.get('www-authenticate')).to.equal('Bearer');
    expect(body).to.have.nested.property('error.requestId', 'from-the-gateway');
    expect(world.logger.lines.at(-1)?.fields).to.include({ requestId: 'from-the-gateway' });
  });

  it('logs method, route template, status and user, never the path or the query', async () => {
    const { accessToken: token, user } = await world.signUp('alice');
    await world.ask('GET', '/v1/channels/0000000000000/messages?before=0000000000000&token=secret', { token });
    const line = world.logger.lines.at(-1);
    expect(line?.phrase).to.equal('request answered');
    expect(line?.fields).to.include({ method: 'GET', route: '/v1/channels/:channelId/messages', status: 404, userId: user.id });
    expect(JSON.stringify(line)).to.not.include('0000000000000').and.not.include('secret');
  });

  it('counts requests by route template', async () => {
    await world.ask('GET', '/v1/teams/0000000000000');
    await world.ask('GET', '/nothing/like/it');
    const { body } = await world.ask<string>('GET', '/metrics');
    expect(body).to.match(/warren_http_request_seconds_count\{[^}]*route="\/v1\/teams\/:teamId"[^}]*status="401"[^}]*\} 1/);
    expect(body).to.include('route="unmatched"').and.not.include('/nothing');
  });

  it('is ready when everything it needs is there, and else says what is not', async () => {
    readiness.push({ name: 'sql', check: () => Promise.resolve() });
    expect((await world.ask('GET', '/readyz')).body).to.deep.equal({ ready: true, failed: [] });
    readiness.push({ name: 'redis', check: () => Promise.reject(new Error('connection refused')) });
    const answer = await world.ask('GET', '/readyz');
    expect(answer.status).to.equal(503);
    expect(answer.body).to.deep.equal({ ready: false, failed: ['redis: connection refused'] });
  });

  it('keeps the cause of an internal error for the log', async () => {
    const { accessToken: token } = await world.signUp('alice');
    world.devices.listForUser = () => Promise.reject(new Error('secret detail of a driver'));
    const answer = await world.ask('GET', '/v1/sessions', { token });
    expect(answer.body).to.deep.nested.include({ 'error.code': 'INTERNAL', 'error.temporary': true });
    expect(JSON.stringify(answer.body)).to.not.include('secret detail');
    const logged = world.logger.lines.find((line) => line.level === 'error');
    expect((logged?.fields['error'] as ChatError).cause).to.have.property('message', 'secret detail of a driver');
  });
});

describe('API: serving the web client', () => {
  let world: ApiWorld;
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'warren-web-'));
    await mkdir(join(root, 'assets'));
    await writeFile(join(root, 'index.html'), '<title>Warren</title>');
    await writeFile(join(root, 'assets', 'app-0a1b2c3d.js'), 'export {};');
    world = await new ApiWorld({ settings: { webRoot: root } }).start();
  });
  after(async () => {
    await world.stop();
    await rm(root, { recursive: true });
  });

  it('serves the page, asked for every time', async () => {
    const { body, headers } = await world.ask('GET', '/');
    expect(body).to.equal('<title>Warren</title>');
    expect(headers.get('cache-control')).to.equal('no-cache');
  });

  it('serves files with a hash in their name for ever', async () => {
    const { status, headers } = await world.ask('GET', '/assets/app-0a1b2c3d.js');
    expect(status).to.equal(200);
    expect(headers.get('cache-control')).to.include('immutable');
  });

  it('serves the page for the client’s own paths, to whoever wants a page', async () => {
    const answer = await world.ask('GET', '/c/0000000000000', { headers: { accept: 'text/html,*/*' } });
    expect(answer.body).to.equal('<title>Warren</title>');
    expect(await world.outcome('GET', '/c/0000000000000', { headers: { accept: 'application/json' } })).to.equal('404 NOT_FOUND');
    expect(await world.outcome('GET', '/v1/nothing', { headers: { accept: 'text/html' } })).to.equal('404 NOT_FOUND');
  });

  it('serves nothing from outside its folder', async () => {
    for (const path of ['/..%2f..%2fetc/passwd', '/assets/..%2f..%2f..%2fetc/passwd', '/.env']) {
      const { body } = await world.ask('GET', path, { headers: { accept: '*/*' } });
      expect(JSON.stringify(body)).to.not.include('root:');
    }
  });
});
