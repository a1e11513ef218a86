import { expect } from 'chai';
import type { Receipt, WarrenClient } from '../../../client/mod.js';
import type { ChannelId, UserId } from '../../../shared/domain/ids.js';
import { ChatWorld } from '../../support/chat-world.js';
import { OfficialStomp, stompUrl } from '../../support/official-stomp.js';
import { describeWith } from '../../support/products.js';
import { WorldApi } from '../../support/world-api.js';

const RECEIPTS = '/user/queue/receipts';

describeWith('amqp', 'receipts of SDK and STOMP clients', () => {
  describeWith('redis', 'on two servers', () => {
    let world: ChatWorld;
    let api: WorldApi;
    let sdk: WarrenClient;
    let sdkUser: UserId;
    let stompUser: UserId;
    let stomp: OfficialStomp;
    let channelId: ChannelId;

    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
      api = await WorldApi.start(world);
    });
    after(async () => {
      await api.stop();
      await world.stop();
    });
    beforeEach(async () => {
      const account = await api.signUp('sdk');
      const user = await world.user('stomp');
      [sdk, sdkUser, stompUser] = [account.client, account.user.userId, user.userId];
      channelId = await world.channel(account.user, user);
      await sdk.connect();
      const headers = { Authorization: `Bearer ${world.token(user)}` };
      stomp = await new OfficialStomp({ url: stompUrl(world.servers[1]?.url ?? ''), headers }).connect();
    });
    afterEach(() => Promise.all([stomp.stop(), sdk.close()]));

    const nextReceipt = (userId: UserId, isIt: (receipt: Receipt) => boolean = () => true): Promise<Receipt> =>
      new Promise((resolve) => {
        const off = sdk.on('receipt', ({ receipt }) => {
          if (receipt.userId !== userId || !isIt(receipt)) return;
          off();
          resolve(receipt);
        });
      });
    const toldByStomp = async (count: number): Promise<unknown> => JSON.parse((await stomp.until(count))[count - 1]?.body ?? '');

    it('@stomp/stompjs is told that the SDK has shown a message, and that it was read', async () => {
      await stomp.subscribe(RECEIPTS);
      const { headers } = await stomp.send(channelId, 'hello');
      const id = headers['message-id'];
      expect(await toldByStomp(1)).to.deep.equal({ channelId, userId: sdkUser, delivered: id, read: '' });
      sdk.markRead(channelId);
      expect(await toldByStomp(2)).to.deep.equal({ channelId, userId: sdkUser, delivered: id, read: id });
      expect(stomp.messages[1]?.headers).to.include({ kind: 'receipt', 'channel-id': channelId, 'user-id': sdkUser });
    });

    it('the SDK is told what @stomp/stompjs has acknowledged, and read', async () => {
      await stomp.subscribe(`/topic/channels.${channelId}`, { ack: 'client' });
      const { id } = await sdk.send(channelId, 'hello').acked;
      const delivered = nextReceipt(stompUser);
      (await stomp.until(1))[0]?.ack();
      expect(await delivered).to.deep.equal({ userId: stompUser, delivered: id, read: '' });
      const read = nextReceipt(stompUser, (receipt) => receipt.read !== '');
      stomp.client.publish({ destination: `/app/receipts.${channelId}`, body: JSON.stringify({ read: id }) });
      expect(await read).to.deep.equal({ userId: stompUser, delivered: id, read: id });
    });

    it('positions are there for a client that comes later, from whichever server', async () => {
      const { id } = await sdk.send(channelId, 'hello').acked;
      const read = nextReceipt(stompUser);
      stomp.client.publish({ destination: `/app/receipts.${channelId}`, body: JSON.stringify({ read: id }) });
      await read;
      const { receipts } = await sdk.api.listReceipts(channelId);
      expect(receipts).to.deep.equal([{ userId: stompUser, delivered: id, read: id }]);
    });
  });
});
