import { expect } from 'chai';
import { ask, type Answer } from './sockjs-http.js';

export function expectNotCached(answer: Pick<Answer, 'headers'>): void {
  expect(answer.headers['cache-control']).to.equal('no-store, no-cache, no-transform, must-revalidate, max-age=0');
  expect(answer.headers).to.not.have.any.keys('expires', 'last-modified');
}

/** Pages of `origin` may read it; without one, any page may, without credentials. */
export function expectCors(answer: Pick<Answer, 'headers'>, origin?: string): void {
  expect(answer.headers['access-control-allow-origin']).to.equal(origin ?? '*');
  expect(answer.headers['access-control-allow-credentials']).to.equal(origin === undefined ? undefined : 'true');
}

export function expectType(answer: Pick<Answer, 'headers'>, type: string): void {
  expect((answer.headers['content-type'] ?? '').replaceAll(' ', '')).to.equal(type);
}

/** For a year or so. */
export function expectCacheable(answer: Pick<Answer, 'headers'>): void {
  expect(answer.headers['cache-control']).to.match(/public/);
  expect(answer.headers['cache-control']).to.match(/max-age=[1-9]\d{6}/);
  expect(answer.headers.expires).to.be.a('string');
}

export async function expectPreflight(url: string, methods: readonly string[]): Promise<void> {
  for (const origin of ['test', 'null']) {
    const answer = await ask(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': methods.join(', ') } });
    expect(answer.status).to.equal(204);
    expectCacheable(answer);
    expect(Number(answer.headers['access-control-max-age'])).to.be.above(1_000_000);
    for (const method of methods) expect(answer.headers['access-control-allow-methods']).to.include(method);
    expect(answer.body).to.equal('');
    expectCors(answer, origin);
  }
}
