import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import { FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';
import type { FakeSocket } from '../../support/fake-socket.js';

describe('client: moving away from a draining server', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let old: FakeSocket;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.random = 0.5;
    chat.addRoom();
    client = await chat.client();
    old = chat.socket;
  });

  afterEach(() => client.close());

  async function drain(): Promise<void> {
    old.push({ type: 'drain', withinMs: 10_000 });
    await chat.clock.advance(5_000);
    await settle();
  }

  it('waits for a random moment within the given time', async () => {
    old.push({ type: 'drain', withinMs: 10_000 });
    expect(client.connection).to.deep.equal({ status: 'draining', serverId: 'server1', moveAt: chat.clock.now() + 5_000 });
    await chat.clock.advance(4_999);
    expect(chat.sockets.all).to.have.length(1);
    await chat.clock.advance(1);
    await settle();
    expect(chat.sockets.all).to.have.length(2);
  });

  it('asks discovery, and does not go to the same server', async () => {
    await drain();
    expect(chat.requestsTo('GET /v1/servers').map((r) => r.query.get('prefer'))).to.deep.equal([null]);
    expect(client.connection).to.include({ status: 'online', serverId: 'server2' });
  });

  it('lets go of the old socket only after the new server has said hello', async () => {
    chat.greets = false;
    await drain();
    expect(old.closedByClient).to.equal(false);
    expect(client.connection.status).to.equal('draining');
    chat.socket.open();
    chat.socket.push(chat.hello(chat.socket));
    expect(client.connection.status).to.equal('online');
    await chat.clock.advance(1_000);
    expect(old.closedByClient).to.equal(true);
  });

  it('sends and receives over the old socket until then', async () => {
    chat.greets = false;
    await drain();
    const before = old.sent('send').length;
    const { acked } = client.send(ROOM, 'still here');
    await acked;
    expect(old.sent('send')).to.have.length(before + 1);
    old.push(chat.commit({ content: 'me too' }));
    expect(client.timeline(ROOM).messages.map((m) => m.content)).to.deep.equal(['still here', 'me too']);
  });

  it('takes an answer that is still under way on the old socket', async () => {
    chat.acks = false;
    const { acked } = client.send(ROOM, 'hello');
    await drain();
    expect(chat.socket.sent('send')).to.deep.equal([]);
    chat.acknowledge(old.sent('send')[0]!, old);
    await acked;
    expect(client.unsent).to.equal(0);
  });

  it('sends again on the new socket what the old one did not answer', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'hello');
    await drain();
    await chat.clock.advance(1_000);
    expect(chat.socket.sent('send')[0]).to.include({ clientId, resend: true });
  });

  it('resumes on the new server, so that nothing in between is missed', async () => {
    chat.greets = false;
    await drain();
    chat.commit({ content: 'while moving' });
    chat.greets = true;
    chat.socket.open();
    chat.socket.push(chat.hello(chat.socket));
    await settle();
    expect(client.timeline(ROOM).messages.map((m) => m.content)).to.deep.equal(['while moving']);
  });

  it('asks on the new socket what the old one did not answer', async () => {
    chat.syncs = false;
    old.push({ type: 'resync', withinMs: 0 });
    await drain();
    chat.syncs = true;
    chat.commit({ content: 'asked for twice' });
    await chat.clock.advance(1_000);
    await settle();
    expect(client.timeline(ROOM).messages.map((m) => m.content)).to.deep.equal(['asked for twice']);
  });

  it('shows an event once that comes on both sockets', async () => {
    await drain();
    const seen: string[] = [];
    client.on('message', ({ message }) => seen.push(message.content));
    const event = chat.commit({ content: 'twice' });
    old.push(event);
    chat.socket.push(event);
    expect(seen).to.deep.equal(['twice']);
  });

  it('tries another server when the new one fails, and keeps the old socket meanwhile', async () => {
    chat.greets = false;
    await drain();
    chat.socket.end(1006);
    expect(client.connection.status).to.equal('draining');
    chat.greets = true;
    await chat.clock.advance(15_000);
    await settle();
    expect(client.connection.status).to.equal('online');
    expect(chat.sockets.all).to.have.length(3);
  });

  it('reconnects at once when the old server closes before the move', async () => {
    old.push({ type: 'drain', withinMs: 10_000 });
    old.end(4000);
    await settle();
    await settle();
    expect(client.connection).to.include({ status: 'online', serverId: 'server2' });
    await chat.clock.advance(10_000);
    expect(chat.sockets.all).to.have.length(2);
  });

  it('goes on with the new connection when the old one ends during the move', async () => {
    chat.greets = false;
    await drain();
    old.end(4000);
    expect(client.connection.status).to.equal('connecting');
    chat.socket.open();
    chat.socket.push(chat.hello(chat.socket));
    await settle();
    expect(client.connection.status).to.equal('online');
    expect(chat.sockets.all).to.have.length(2);
  });

  it('stops both when the session is revoked during the move', async () => {
    chat.greets = false;
    await drain();
    old.end(4502);
    expect(client.connection.status).to.equal('stopped');
    expect(chat.socket.closedByClient).to.equal(true);
  });
});
