import { expect } from 'chai';
import { createClient, createMemoryStorage, type WarrenClient } from '../../../client/mod.js';
import { DeviceSockets } from '../../../scripts/prove/load/device-socket.js';
import { eventually } from '../../support/eventually.js';
import { ProveWorld } from '../../support/prove-world.js';

interface Talker {
  readonly client: WarrenClient;
  readonly trouble: string[];
}

/** Online, and from then on everything that a program on the SDK could notice of a server that goes away. */
async function watch(world: ProveWorld, d: number): Promise<Talker> {
  const { session } = world.people.devices[d]!;
  const storage = createMemoryStorage();
  void storage.set('session', JSON.stringify(session));
  const client = createClient({ baseUrl: world.url, storage, WebSocket: new DeviceSockets(world.url).constructorForClient });
  await client.restore();
  await client.connect();
  const trouble: string[] = [];
  client.on('error', ({ error, during }) => trouble.push(`error ${error.code} during ${during}`));
  client.on('loggedOut', ({ error }) => trouble.push(`logged out: ${error.code}`));
  client.on('connection', ({ status }) => {
    if (status !== 'online' && status !== 'draining') trouble.push(`connection ${status}`);
  });
  return { client, trouble };
}

describe('a rolling restart of all chat servers', () => {
  let world: ProveWorld;
  let talkers: readonly Talker[];

  before(async () => {
    world = await ProveWorld.start(() => ({}));
    talkers = await Promise.all(world.people.devices.map((_, d) => watch(world, d)));
  });
  after(async () => {
    for (const { client } of talkers) await client.close();
    await world.stop();
  });

  it('shows nothing at the surface of the SDK: every send is acknowledged, no connection is lost, no error is told', async () => {
    let talking = true;
    const talk = async (): Promise<void> => {
      for (let n = 0; talking; n++) {
        const sends = talkers.map(({ client }, d) => {
          const { channels } = world.people.devices[d]!;
          return client.send(channels[n % channels.length]!, `${d} ${n}`).acked;
        });
        await Promise.all(sends);
      }
    };
    const conversation = talk();
    await world.restart(0);
    await world.restart(1);
    talking = false;
    await conversation;
    expect(talkers.flatMap(({ trouble }) => trouble)).to.deep.equal([]);
    const texts = ({ client }: Talker, channel: string): string[] => client.timeline(channel as never).messages.map(({ id }) => id);
    const [group] = world.people.channels;
    await eventually(() => Promise.resolve(new Set(talkers.map((one) => texts(one, group!.id).join())).size === 1));
    expect(texts(talkers[0]!, group!.id).length).to.be.greaterThan(50);
  });
});
