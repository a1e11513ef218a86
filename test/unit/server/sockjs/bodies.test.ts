import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { BodyReader, type Body } from '../../../../server/transport/sockjs/read-body.js';
import { settle } from '../../../support/fake-clock.js';

const MIB = 1_024 * 1_024;
const chunk = Buffer.alloc(2 * MIB, ' ');

describe('bodies that are being read', () => {
  let reader: BodyReader;
  let finish: () => void;
  let finished: Promise<void>;
  beforeEach(() => {
    reader = new BodyReader({ maxBytes: 2 * MIB });
    finished = new Promise((resolve) => (finish = resolve));
  });

  /** Sends two MiB at once, and ends when everybody may. */
  async function* body(): AsyncGenerator<Buffer> {
    yield chunk;
    await finished;
  }
  const read = (): Promise<Body> => reader.read(Object.assign(body(), { headers: {} }) as unknown as IncomingMessage);

  it('are 64 MiB together at most: more requests are turned away, until some of those are through', async () => {
    const first = Array.from({ length: 32 }, read);
    await settle();
    expect(await read()).to.deep.equal({ refused: 'busy' });
    finish();
    for (const one of await Promise.all(first)) expect(one).to.have.property('text');
    expect(await read()).to.have.property('text');
  });
});
