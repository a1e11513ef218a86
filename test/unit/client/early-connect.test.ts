import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import { EARLY_CONNECT_SUBPROTOCOL, findOfferedConnect } from '../../../shared/protocol/early-connect.js';
import { FakeChat } from '../../support/fake-chat.js';
import type { FakeSocket } from '../../support/fake-socket.js';
import { settle } from '../../support/fake-clock.js';

describe('client: the connect frame with the upgrade request', () => {
  let chat: FakeChat;
  let client: WarrenClient;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    chat.greets = false;
    chat.random = 0;
    client = await chat.client();
  });
  afterEach(() => client.close());

  const offered = (socket: FakeSocket): unknown => JSON.parse(findOfferedConnect(socket.protocols) ?? 'null');

  function welcome(protocol: string): void {
    chat.socket.protocol = protocol;
    chat.socket.open();
    chat.socket.push(chat.hello(chat.socket));
  }

  /** The newest socket ends without having opened, and the next one is there. */
  async function refuse(): Promise<void> {
    chat.socket.end(1006);
    await chat.clock.advance(0);
    await settle();
  }

  it('is offered, and not sent again where the server took it', async () => {
    expect(offered(chat.socket)).to.deep.include({ type: 'connect', version: 1, token: 'access-1' });
    welcome(EARLY_CONNECT_SUBPROTOCOL);
    await settle();
    expect(client.connection.status).to.equal('online');
    expect(chat.socket.sent('connect')).to.deep.equal([]);
  });

  for (const [title, protocol] of [
    ['agreed to something else', 'warren.connect.%7B%7D'],
    ['agreed to nothing', ''],
  ] as const)
    it(`is sent as a frame to a server that ${title}`, async () => {
      welcome(protocol);
      await settle();
      expect(chat.socket.sent('connect')).to.deep.equal([offered(chat.socket)]);
      expect(client.connection.status).to.equal('online');
    });

  it('is left out at every third socket that does not open, and stays so once that opened', async () => {
    const offers = (): boolean[] => chat.sockets.all.map((socket) => socket.protocols.length > 0);
    await refuse();
    await refuse();
    expect(offers()).to.deep.equal([true, true, false]);
    welcome('');
    await settle();
    expect(client.connection.status).to.equal('online');
    await refuse();
    expect(offers()).to.deep.equal([true, true, false, false]);
  });

  it('is offered again after a server was away, where the next one took it', async () => {
    await refuse();
    welcome(EARLY_CONNECT_SUBPROTOCOL);
    await settle();
    for (let n = 0; n < 2; n++) await refuse();
    expect(chat.socket.protocols).not.to.deep.equal([]);
  });
});
