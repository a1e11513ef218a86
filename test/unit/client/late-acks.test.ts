import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import { FakeChat, ROOM } from '../../support/fake-chat.js';

describe('client: an ack that does not come', () => {
  let chat: FakeChat;
  let client: WarrenClient;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    client = await chat.client();
  });

  afterEach(() => client.close());

  it('reconnects and sends again when no ack comes within 10 seconds', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'hello');
    await chat.clock.advance(9_999);
    expect(chat.sockets.all).to.have.length(1);
    await chat.clock.advance(300);
    expect(chat.sockets.all).to.have.length(2);
    expect(chat.socket.sent('send')[0]).to.include({ clientId, resend: true });
  });

  it('asks the server for a sign of life when an ack is 2.5 seconds late, and goes on when one comes', async () => {
    chat.acks = false;
    client.send(ROOM, 'hello');
    await chat.clock.advance(2_499);
    expect(chat.socket.sent('ping')).to.have.length(0);
    await chat.clock.advance(1);
    expect(chat.socket.sent('ping')).to.have.length(1);
    await chat.clock.advance(7_000);
    expect(chat.sockets.all).to.have.length(1);
  });

  it('reconnects and sends again when nothing at all comes within 4 seconds after that', async () => {
    chat.socket.onFrame = () => undefined;
    const { clientId } = client.send(ROOM, 'hello');
    await chat.clock.advance(6_499);
    expect([chat.sockets.all.length, chat.socket.sent('ping').length]).to.deep.equal([1, 1]);
    await chat.clock.advance(300);
    expect(chat.sockets.all).to.have.length(2);
    expect(chat.socket.sent('send')[0]).to.include({ clientId, resend: true });
  });
});
