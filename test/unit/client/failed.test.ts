import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import type { ClientId } from '../../../shared/domain/ids.js';
import { FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: messages that were refused for good', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    client = await chat.client();
    chat.acks = false;
  });
  afterEach(() => client.close());

  async function fail(content: string): Promise<ClientId> {
    const { clientId } = client.send(ROOM, content);
    await settle();
    chat.socket.push({ type: 'error', code: 'FORBIDDEN', message: 'no', temporary: false, clientId });
    return clientId;
  }

  it('stay on the screen, the newest 100 of them, and can be tried again', async () => {
    const ids: ClientId[] = [];
    for (let n = 0; n < 101; n++) ids.push(await fail(`${n}`));
    const shown = client.timeline(ROOM).messages;
    expect(shown.map(({ status }) => status)).to.deep.equal(Array<string>(100).fill('failed'));
    expect([shown[0]?.content, shown.at(-1)?.content]).to.deep.equal(['1', '100']);
    expect(client.retry(ids[0] as ClientId)).to.equal(undefined);
    expect(client.retry(ids[1] as ClientId)?.clientId).to.equal(ids[1]);
  });
});
