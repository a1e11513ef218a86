import { expect } from 'chai';
import type { IMessage } from '@stomp/stompjs';
import type { TeamId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { OfficialStomp, stompUrl, type StompRoute } from '../../support/official-stomp.js';
import { describeWith } from '../../support/products.js';

interface Told {
  readonly snapshot?: string;
  readonly users: readonly { readonly userId: string; readonly status: string }[];
}

describeWith('amqp', 'the official @stomp/stompjs', () => {
  describeWith('redis', 'subscribed to the presence of a team', () => {
    let world: ChatWorld;
    let alice: WorldUser;
    let bob: WorldUser;
    let teamId: TeamId;
    const opened: OfficialStomp[] = [];
    before(async () => {
      world = await new ChatWorld().start({ servers: 2, worker: false });
    });
    after(() => world.stop());
    beforeEach(async () => {
      [alice, bob] = await world.users('alice', 'bob');
      teamId = await world.team(alice, bob);
    });
    afterEach(() => Promise.all(opened.splice(0).map((client) => client.stop())));

    const connect = (user: WorldUser, server: number, route: StompRoute = 'websocket'): Promise<OfficialStomp> => {
      const url = stompUrl(world.servers[server]?.url ?? '');
      const client = new OfficialStomp({ url, route, headers: { Authorization: `Bearer ${world.token(user)}` } });
      opened.push(client);
      return client.connect();
    };
    const topic = (): string => `/topic/presence.${teamId}`;
    const told = ({ body }: IMessage): Told => JSON.parse(body) as Told;

    for (const route of ['websocket', 'xhr-streaming'] as const)
      it(`by ${route}: a snapshot with the receipt, then who comes and who goes`, async () => {
        const client = await connect(alice, 0, route);
        await client.subscribe(topic());
        const [snapshot] = (await client.until(1)) as [IMessage];
        expect(told(snapshot)).to.include({ snapshot: 'last' });
        expect(told(snapshot).users).to.deep.equal([{ userId: alice.userId, status: 'online' }]);
        expect(snapshot.headers).to.include({ kind: 'presence', 'team-id': teamId, destination: topic() });
        const bobs = await connect(bob, 1);
        expect(told((await client.until(2))[1] as IMessage).users).to.deep.equal([{ userId: bob.userId, status: 'online' }]);
        await bobs.stop();
        expect(told((await client.until(3))[2] as IMessage).users).to.deep.equal([{ userId: bob.userId, status: 'offline' }]);
      });

    it('each subscription is told, until it ends', async () => {
      const client = await connect(alice, 0);
      await client.subscribe(topic(), { id: 'one' });
      await client.subscribe(topic(), { id: 'two' });
      // The second brings both of them a snapshot.
      await client.until(3);
      client.client.unsubscribe('one');
      const bobs = await connect(bob, 1);
      const news = (await client.until(4)).slice(3);
      expect(news.map(({ headers }) => headers['subscription'])).to.deep.equal(['two']);
      client.client.unsubscribe('two');
      await bobs.stop();
      // Once more, and its snapshot is the only thing that comes.
      await client.subscribe(topic(), { id: 'three' });
      expect((await client.until(5)).slice(4).map(({ headers }) => headers['subscription'])).to.deep.equal(['three']);
    });

    it('others are refused, with our code', async () => {
      const carol = await world.user('carol');
      const client = await connect(carol, 0);
      void client.subscribe(topic());
      expect((await client.error()).headers).to.include({ code: 'NOT_FOUND', 'receipt-id': 'r1' });
    });
  });
});
