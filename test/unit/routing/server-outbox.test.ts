import { expect } from 'chai';
import type { ServerId, UserId } from '../../../shared/domain/ids.js';
import { decodeDeliveries, type Delivery } from '../../../shared/protocol/envelope.js';
import { WorkBytes } from '../../../shared/protocol/work-bytes.js';
import { ServerOutbox } from '../../../shared/routing/server-outbox.js';
import { systemClock } from '../../../shared/runtime/clock.js';
import { settle } from '../../support/fake-clock.js';

const MIB = 1_024 * 1_024;

describe('deliveries for a server that the broker does not confirm', () => {
  let dropped: number;
  let published: number;
  let confirm: () => void;
  let outbox: ServerOutbox;
  beforeEach(() => {
    [dropped, published] = [0, 0];
    const confirmed = new Promise<true>((resolve) => (confirm = () => resolve(true)));
    outbox = new ServerOutbox({
      serverId: 's2' as ServerId,
      publisher: {
        deliver: (_, envelope) => {
          published += decodeDeliveries(envelope).length;
          return confirmed;
        },
      },
      clock: systemClock,
      place: new WorkBytes(),
      onUnroutable: () => undefined,
      onDropped: (deliveries) => (dropped += deliveries.length),
    });
  });

  const deliver = (payload: Uint8Array): void => {
    const delivery: Delivery = { recipients: ['u' as UserId], exceptSession: '', payload, rerouted: false, ephemeral: false };
    outbox.add(delivery);
  };
  const untilIdle = async (): Promise<void> => {
    confirm();
    while (!outbox.idle) await settle();
  };

  it('are 16 MiB at most: more are left to the devices, and later ones go out again', async () => {
    const payload = Buffer.alloc(MIB);
    for (let n = 0; n < 20; n++) deliver(payload);
    expect(dropped).to.equal(5);
    await untilIdle();
    deliver(payload);
    await untilIdle();
    expect([published, dropped]).to.deep.equal([16, 5]);
  });

  it('are 100,000 at most, however small', () => {
    const payload = Buffer.alloc(1);
    for (let n = 0; n < 100_001; n++) deliver(payload);
    expect(dropped).to.equal(1);
  });
});
