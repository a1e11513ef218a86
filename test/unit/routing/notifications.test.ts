import { expect } from 'chai';
import { createMetrics } from '../../../shared/adapters/prometheus/metrics.js';
import type { ServerId, UserId } from '../../../shared/domain/ids.js';
import { FanOut } from '../../../shared/routing/fan-out.js';
import type { RoutingCaches } from '../../../shared/routing/routing-caches.js';
import { systemClock } from '../../../shared/runtime/clock.js';
import { settle } from '../../support/fake-clock.js';

const BOB = '0K3V000000002' as UserId;
const MIB = 1_024 * 1_024;

describe('notifications for recipients who are offline, while the broker does not confirm', () => {
  const metrics = createMetrics({});
  let confirm: () => void;
  let fanOut: FanOut;
  beforeEach(() => {
    const confirmed = new Promise<void>((resolve) => (confirm = resolve));
    const publisher = { notify: () => confirmed, deliver: () => Promise.resolve(true) };
    const caches = { routes: { peek: (): readonly ServerId[] => [] } } as unknown as RoutingCaches;
    fanOut = new FanOut({ caches, publisher, metrics, clock: systemClock });
  });

  const dropped = async (): Promise<number> => {
    const line = (await metrics.render()).split('\n').find((text) => text.startsWith('warren_deliveries_dropped_total'));
    return Number(line?.split(' ').at(-1) ?? 0);
  };
  const send = (payload: Uint8Array): unknown => fanOut.send({ userIds: [BOB], exceptSession: '', payload, durable: true });

  it('are 16 MiB at most: beyond that they are not sent, and counted', async () => {
    const payload = Buffer.alloc(MIB, ' ');
    const before = await dropped();
    for (let n = 0; n < 20; n++) send(payload);
    expect((await dropped()) - before).to.equal(5);
    confirm();
    while (!fanOut.idle) await settle();
    send(payload);
    expect((await dropped()) - before).to.equal(5);
  });

  it('are 20,000 at most', async () => {
    const payload = Buffer.from('{}');
    const before = await dropped();
    for (let n = 0; n < 20_001; n++) send(payload);
    expect((await dropped()) - before).to.equal(1);
  });
});
