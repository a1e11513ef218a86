import { PassThrough } from 'node:stream';
import type { Request, Response } from 'express';
import { expect } from 'chai';
import { parseJsonBody, type HeldBodies } from '../../../api/middleware/json-body.js';
import { settle } from '../../support/fake-clock.js';

const CHUNK = Buffer.from(`"${'x'.repeat(262_142)}"`);

/** A request whose body comes as the test writes it. */
class FakeRequest extends PassThrough {
  complete = false;
  body: unknown;

  get(header: string): string | undefined {
    return { 'transfer-encoding': 'chunked', 'content-type': 'application/json' }[header];
  }

  is(): string {
    return 'json';
  }
}

describe('bodies of API requests that are being read', () => {
  let held: HeldBodies;
  beforeEach(() => (held = { bytes: 0 }));

  /** Begins a request, and answers what becomes of it. */
  function send(): { readonly request: FakeRequest; readonly outcome: Promise<string> } {
    const request = new FakeRequest();
    const parsed = new Promise<string>((resolve, reject) => {
      const response = { set: () => undefined } as unknown as Response;
      const handled: unknown = parseJsonBody('known', held)(request as unknown as Request, response, () => resolve('read'));
      (handled as Promise<void>).catch(reject);
    });
    request.write(CHUNK);
    return { request, outcome: parsed.catch((error: unknown) => (error as { readonly code: string }).code) };
  }

  it('are 64 MiB together at most: another request is refused for now, until some of those are through', async () => {
    const first = Array.from({ length: 256 }, send);
    await settle();
    const late = send();
    expect(await late.outcome).to.equal('OVERLOADED');
    first[0]?.request.end();
    expect(await first[0]?.outcome).to.equal('read');
    const next = send();
    next.request.end();
    expect(await next.outcome).to.equal('read');
    for (const { request } of first) request.destroy(new Error('cut off'));
    await settle();
    expect(held.bytes).to.equal(0);
  });

  it('of a caller who goes away are let go', async () => {
    const { request, outcome } = send();
    await settle();
    expect(held.bytes).to.equal(CHUNK.length);
    request.destroy(new Error('cut off'));
    expect(await outcome).to.equal('INVALID_INPUT');
    expect(held.bytes).to.equal(0);
  });
});
