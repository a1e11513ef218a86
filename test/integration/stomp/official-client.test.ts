import { expect } from 'chai';
import type { ChannelId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { contentsOf, OfficialStomp, stompUrl, type StompRoute } from '../../support/official-stomp.js';
import { describeWith } from '../../support/products.js';

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

    const connect = (user: WorldUser, server: number, route: StompRoute = 'websocket'): Promise<OfficialStomp> => {
      const client = new OfficialStomp({
        url: stompUrl(world.servers[server]?.url ?? ''),
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
  });
});
