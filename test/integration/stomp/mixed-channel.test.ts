import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import type { ChannelId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { eventually } from '../../support/eventually.js';
import { contentsOf, OfficialStomp, stompUrl, type StompRoute } from '../../support/official-stomp.js';
import { describeWith } from '../../support/products.js';
import { SockJsTalker } from '../../support/sockjs-talker.js';
import { serviceOf } from '../../support/sockjs-service.js';
import { WorldApi } from '../../support/world-api.js';

/** Messages of each of the four. */
const EACH = 50;
const ALL = EACH * 4;

describeWith('amqp', 'a channel of SDK, SockJS and STOMP clients', () => {
  describeWith('redis', 'on three servers', () => {
    let world: ChatWorld;
    let api: WorldApi;
    let sdk: WarrenClient;
    let sockjs: SockJsTalker;
    let stomp: OfficialStomp;
    let stompOverSockjs: OfficialStomp;
    let channelId: ChannelId;

    before(async () => {
      world = await new ChatWorld().start({ servers: 3 });
      api = await WorldApi.start(world);
      const account = await api.signUp('sdk');
      sdk = account.client;
      const [one, two, three] = await world.users('sockjs', 'stomp', 'stomp-sockjs');
      channelId = await world.channel(account.user, one, two, three);
      await sdk.connect();
      sockjs = await SockJsTalker.connect(serviceOf(world, 1).base, world.token(one));
      stomp = await connectStomp(two, 2, 'websocket');
      stompOverSockjs = await connectStomp(three, 0, 'xhr-streaming');
    });
    after(async () => {
      sockjs.close();
      await Promise.all([stomp.stop(), stompOverSockjs.stop()]);
      await api.stop();
      await world.stop();
    });

    async function connectStomp(user: WorldUser, server: number, route: StompRoute): Promise<OfficialStomp> {
      const headers = { Authorization: `Bearer ${world.token(user)}` };
      const client = await new OfficialStomp({ url: stompUrl(world.servers[server]?.url ?? ''), route, headers }).connect();
      await client.subscribe(`/topic/channels.${channelId}`);
      return client;
    }

    it('everybody sees everything once, in the same order', async () => {
      const rounds = Array.from({ length: EACH }, (_, n) => n);
      await Promise.all([
        ...rounds.map((n) => sdk.send(channelId, `sdk ${n}`).acked),
        ...rounds.map((n) => sockjs.send(channelId, `sockjs ${n}`)),
        ...rounds.map((n) => stomp.send(channelId, `stomp ${n}`)),
        ...rounds.map((n) => stompOverSockjs.send(channelId, `stomp over sockjs ${n}`)),
      ]);
      const order = contentsOf(await stomp.until(ALL));
      expect(new Set(order)).to.have.property('size', ALL);
      expect(contentsOf(await stompOverSockjs.until(ALL))).to.deep.equal(order);
      expect(await sockjs.inOrder(ALL)).to.deep.equal(order);
      await eventually(() => Promise.resolve(sdk.timeline(channelId).messages.length === ALL));
      expect(sdk.timeline(channelId).messages.map(({ content }) => content)).to.deep.equal(order);
      const ids = stomp.messages.map(({ headers }) => headers['message-id'] ?? '');
      expect(ids).to.deep.equal([...ids].sort());
      expect([stomp.messages, stompOverSockjs.messages].map(({ length }) => length)).to.deep.equal([ALL, ALL]);
    }).timeout(30_000);

    it('shows operators how many came over which transport', async () => {
      const shown = await Promise.all(world.servers.map(({ metrics }) => metrics.render()));
      const open = shown.flatMap((text) =>
        [...text.matchAll(/^warren_transport_connections\{[^}]*transport="([^"]+)"[^}]*\} (\d+)$/gm)].map(
          ([, transport, count]) => `${transport} ${count}`,
        ),
      );
      expect(open.sort()).to.deep.equal(['sockjs-http 1', 'stomp-sockjs-http 1', 'stomp-websocket 1', 'websocket 1']);
    });
  });
});
