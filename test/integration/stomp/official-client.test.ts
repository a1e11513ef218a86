import { expect } from 'chai';
import type { ChannelId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { contentsOf, OfficialStomp, stompUrl, type StompRoute } from '../../support/official-stomp.js';
import { describeWith, skippedTitle } from '../../support/products.js';
import { NO_GATEWAY, WorldGateway } from '../../support/world-gateway.js';

const ROUTES: readonly StompRoute[] = ['websocket', 'sockjs', 'xhr-streaming', 'xhr-polling'];

describeWith('amqp', 'the official @stomp/stompjs', () => {
  describeWith('redis', 'in Node', () => {
    let world: ChatWorld;
    let alice: WorldUser;
    let bob: WorldUser;
    let channelId: ChannelId;
    const opened: OfficialStomp[] = [];
    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
    });
    after(() => world.stop());
    beforeEach(async () => {
      [alice, bob] = await world.users('alice', 'bob');
      channelId = await world.channel(alice, bob);
    });
    afterEach(() => Promise.all(opened.splice(0).map((client) => client.stop())));

    const connect = (user: WorldUser, server: number, route: StompRoute = 'websocket'): Promise<OfficialStomp> =>
      connectTo(stompUrl(world.servers[server]?.url ?? ''), user, route);
    const connectTo = (url: string, user: WorldUser, route: StompRoute): Promise<OfficialStomp> => {
      const client = new OfficialStomp({
        url,
        route,
        headers: { Authorization: `Bearer ${world.token(user)}` },
      });
      opened.push(client);
      return client.connect();
    };

    for (const route of ROUTES)
      it(`talks by ${route}: what one sends both are told`, async () => {
        const [one, two] = [await connect(alice, 0, route), await connect(bob, 1)];
        await one.subscribe(`/topic/channels.${channelId}`);
        await two.subscribe(`/topic/channels.${channelId}`);
        await one.send(channelId, '안녕하세요', { 'client-id': 'c1' });
        await two.send(channelId, 'hello');
        expect(contentsOf(await one.until(2))).to.deep.equal(['안녕하세요', 'hello']);
        expect(contentsOf(await two.until(2))).to.deep.equal(['안녕하세요', 'hello']);
      });

    it('reconnects by itself and resumes, when its server has gone', async () => {
      const leaving = await world.addServer('leaving');
      const token = world.token(alice);
      let url = stompUrl(leaving.url);
      const client = new OfficialStomp({ url: () => url, headers: { Authorization: `Bearer ${token}` }, settings: { reconnectDelay: 20 } });
      opened.push(client);
      await client.connect();
      const bobs = await connect(bob, 1);
      const topic = `/topic/channels.${channelId}`;
      await client.subscribe(topic);
      await bobs.send(channelId, 'before');
      const [before] = await client.until(1);
      url = stompUrl(world.servers[0]!.url);
      const again = client.reconnected();
      await leaving.stop();
      await bobs.send(channelId, 'meanwhile');
      await again;
      await client.subscribe(topic, { 'last-event-id': before?.headers['event-id'] ?? '' });
      await bobs.send(channelId, 'after');
      expect(contentsOf(await client.until(3))).to.deep.equal(['before', 'meanwhile', 'after']);
      expect(client.errors[0]?.headers['code']).to.equal('DRAINING');
      world.servers.splice(world.servers.indexOf(leaving), 1);
    });

    if (NO_GATEWAY !== undefined) it(skippedTitle('talks through the gateway', NO_GATEWAY));
    else {
      let gateway: WorldGateway;
      before(async () => {
        gateway = await WorldGateway.start(world);
      });
      after(() => gateway.stop());

      for (const route of ROUTES)
        it(`talks by ${route} through the gateway`, async () => {
          const url = `${gateway.origin.replace(/^http/, 'ws')}/stomp`;
          const [one, two] = [await connectTo(url, alice, route), await connectTo(`${url}?server=server2`, bob, route)];
          await two.subscribe(`/topic/channels.${channelId}`);
          await one.send(channelId, 'through nginx');
          expect(contentsOf(await two.until(1))).to.deep.equal(['through nginx']);
        });
    }
  });
});
