import { expect } from 'chai';
import { MemoryDirectory } from '../../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../../shared/adapters/memory/invalidation-log.js';
import { MemoryServerRegistry } from '../../../shared/adapters/memory/server-registry.js';
import { createMetrics } from '../../../shared/adapters/prometheus/metrics.js';
import type { ServerId, UserId } from '../../../shared/domain/ids.js';
import { decodeDeliveries, type Delivery } from '../../../shared/protocol/envelope.js';
import { FanOut } from '../../../shared/routing/fan-out.js';
import { RoutingCaches } from '../../../shared/routing/routing-caches.js';
import { systemClock } from '../../../shared/runtime/clock.js';
import { settle } from '../../support/fake-clock.js';

const BOB = '0K3V000000002' as UserId;
const GONE = 'server2' as ServerId;

describe('ephemeral frames', () => {
  let notified: string[];
  let delivered: Delivery[];
  let fanOut: FanOut;

  beforeEach(() => {
    notified = [];
    delivered = [];
    const invalidations = new MemoryInvalidationLog();
    const directory = new MemoryDirectory({ registry: new MemoryServerRegistry(), invalidations });
    const caches = new RoutingCaches({ channels: { memberIds: () => Promise.resolve([]) }, directory, invalidations });
    const publisher = {
      deliver: (_: ServerId, envelope: Uint8Array) => {
        delivered.push(...decodeDeliveries(envelope));
        return Promise.resolve(true);
      },
      notify: (batch: Uint8Array) => Promise.resolve(void notified.push(Buffer.from(batch).toString())),
    };
    fanOut = new FanOut({ caches, publisher, metrics: createMetrics({}), clock: systemClock });
    caches.routes.peek = () => [GONE];
  });

  const come = async (delivery: Pick<Delivery, 'ephemeral' | 'rerouted'>): Promise<void> => {
    fanOut.reroute([{ recipients: [BOB], exceptSession: '', payload: Buffer.from('{}'), ...delivery }], GONE);
    await settle();
    await settle();
  };

  it('say so to the server that they are sent to', async () => {
    for (const durable of [true, false]) void fanOut.send({ userIds: [BOB], exceptSession: '', payload: Buffer.from('{}'), durable });
    await settle();
    await settle();
    expect(delivered.map(({ ephemeral }) => ephemeral)).to.deep.equal([false, true]);
  });

  for (const rerouted of [false, true]) {
    const when = rerouted ? 'having come back a second time' : 'having come back, and nobody is anywhere';
    it(`are not left to push, ${when}`, async () => {
      await come({ ephemeral: true, rerouted });
      expect(notified).to.deep.equal([]);
      await come({ ephemeral: false, rerouted });
      expect(notified).to.deep.equal([`{"userIds":["${BOB}"],"event":{}}`]);
    });
  }
});
