import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import type { ChannelId, UserId } from '../../../shared/domain/ids.js';
import { BOB, FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

const OTHER = '0K3W000000002' as ChannelId;

describe('client: list of channels', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let told: string[];

  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    client = await chat.client();
    told = [];
    client.on('channel', ({ action, channelId }) => told.push(`${action} ${channelId}`));
  });

  afterEach(() => client.close());

  const ids = (): string[] => client.channels.map((channel) => channel.id);

  it('is there once connected', () => {
    expect(ids()).to.deep.equal([ROOM]);
  });

  it('gains a channel that was joined', async () => {
    const { info } = chat.addRoom(OTHER);
    chat.socket.push({ type: 'channel', action: 'joined', channelId: OTHER, channel: info });
    await settle();
    expect(ids()).to.deep.equal([ROOM, OTHER]);
    expect(told).to.deep.equal([`joined ${OTHER}`]);
    expect(chat.socket.sent('sync').at(-1)?.channels[0]?.channelId).to.equal(OTHER);
  });

  it('tells of a new dm when it knows who it is with', async () => {
    const room = chat.addRoom(OTHER);
    const dm = { ...room.info, kind: 'dm' as const, name: '' };
    const peerId: UserId = BOB;
    chat.script(`GET /v1/channels/${OTHER}`, { status: 200, body: { channel: { ...dm, peerId } } });
    chat.socket.push({ type: 'channel', action: 'joined', channelId: OTHER, channel: dm });
    expect(told).to.deep.equal([]);
    await settle();
    expect(told).to.deep.equal([`joined ${OTHER}`]);
    expect(client.channels.find(({ id }) => id === OTHER)?.peerId).to.equal(peerId);
  });

  it('loses a channel that was left', async () => {
    chat.post();
    chat.socket.push({ type: 'channel', action: 'left', channelId: ROOM });
    await settle();
    expect(ids()).to.deep.equal([]);
    expect(told).to.deep.equal([`left ${ROOM}`]);
    expect(client.timeline(ROOM).messages).to.deep.equal([]);
  });

  it('takes a changed name from the frame', () => {
    const channel = { ...client.channels[0]!, name: 'new name' };
    chat.socket.push({ type: 'channel', action: 'updated', channelId: ROOM, channel });
    expect(client.channels[0]?.name).to.equal('new name');
  });

  it('fetches a channel whose change came without it', async () => {
    chat.rooms.set(ROOM, { info: { ...client.channels[0]!, topic: 'new topic' }, events: [] });
    chat.socket.push({ type: 'channel', action: 'updated', channelId: ROOM });
    await settle();
    expect(client.channels[0]?.topic).to.equal('new topic');
    expect(told).to.deep.equal([`updated ${ROOM}`]);
  });

  it('tells that members have changed', () => {
    chat.socket.push({ type: 'channel', action: 'members', channelId: ROOM });
    expect(told).to.deep.equal([`members ${ROOM}`]);
  });

  it('keeps a channel that was joined while an older list was on its way', async () => {
    let release: (answer: { status: number; body: unknown }) => void = () => undefined;
    const slow = new Promise<{ status: number; body: unknown }>((resolve) => (release = resolve));
    chat.script('GET /v1/channels', slow);
    chat.socket.end(1001);
    await settle();
    await settle();
    const { info } = chat.addRoom(OTHER);
    chat.socket.push({ type: 'channel', action: 'joined', channelId: OTHER, channel: info });
    release({ status: 200, body: { channels: [chat.rooms.get(ROOM)?.info] } });
    await settle();
    await settle();
    expect(ids()).to.have.members([ROOM, OTHER]);
  });
});
