import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { Gate } from '../../support/gate.js';
import { Inbox } from '../../support/inbox.js';
import { describeWith, skippedTitle } from '../../support/products.js';
import { RabbitMqWorld, SERVER_1 } from '../../support/rabbitmq-world.js';

const VARIABLE = 'WARREN_TEST_AMQP_MANAGEMENT_URL';

interface ListedConnection {
  readonly name: string;
  readonly client_properties?: { readonly connection_name?: string };
}

describeWith('amqp', 'RabbitMQ bus: connections closed by an operator', (url) => {
  const managementUrl = process.env[VARIABLE];
  if (managementUrl === undefined || managementUrl === '') {
    it(skippedTitle('comes back', `${VARIABLE} is not set`));
    return;
  }

  let world: RabbitMqWorld;
  beforeEach(() => (world = new RabbitMqWorld(url)));
  afterEach(() => world.close());

  it('comes back', async () => {
    const bus = await world.open();
    const [envelopes, interrupted] = [new Inbox<Uint8Array>(), new Gate()];
    await bus.consumer.consumeDeliveries(SERVER_1, {
      onEnvelope: (envelope) => {
        envelopes.add(envelope);
        return Promise.resolve();
      },
      onInterrupted: () => interrupted.open(),
    });
    await closeConnections(new URL(managementUrl), world.prefix);
    await interrupted.opened;
    await eventually(() => bus.publisher.deliver(SERVER_1, Buffer.from('hello')).catch(() => false));
    expect(String(await envelopes.first())).to.equal('hello');
  });
});

/** Both connections of the bus with that prefix; the list shows them a little after they were made. */
async function closeConnections(management: URL, prefix: string): Promise<void> {
  const user = management.username === '' ? 'guest:guest' : `${management.username}:${management.password}`;
  const headers = { authorization: `Basic ${Buffer.from(decodeURIComponent(user)).toString('base64')}` };
  const at = (path: string): string => `${management.protocol}//${management.host}/api/connections${path}`;
  await eventually(async () => {
    const listed = (await (await fetch(at(''), { headers })).json()) as readonly ListedConnection[];
    const mine = listed.filter(({ client_properties }) => client_properties?.connection_name?.includes(prefix) === true);
    if (mine.length < 2) return false;
    for (const { name } of mine) await fetch(at(`/${encodeURIComponent(name)}`), { method: 'DELETE', headers });
    return true;
  });
}
