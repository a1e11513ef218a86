import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import type { ReactionEvent } from '../../../shared/domain/events.js';
import type { EventId, MessageId } from '../../../shared/domain/ids.js';
import { BOB, FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

/** Events from two servers: one with the smaller id may be committed, or arrive, after a state was read that reaches beyond it. */
describe('client: states that may lack an event', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let id: MessageId;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.random = 0.5;
    client = await chat.client();
    id = chat.post({ content: 'first' }).id;
    await settle();
  });

  afterEach(() => client.close());

  const message = () => client.timeline(ROOM).messages.find((m) => m.id === id);
  const fans = () => message()?.reactions.flatMap((r) => r.users);
  const syncs = () => chat.socket.sent('sync');
  const reaction = (parts: Partial<ReactionEvent> = {}): Partial<ReactionEvent> => {
    return { type: 'reaction', messageId: id, emoji: '👍', action: 'add', ...parts };
  };

  async function pass(ms: number): Promise<void> {
    await chat.clock.advance(ms);
    await settle();
  }

  /** Makes the client read the channel as it is now. */
  async function read(): Promise<void> {
    chat.post({ prev: '' as EventId, content: 'read' });
    await settle();
  }

  it('shows a reaction that comes after a state that was read before it and reaches beyond it', async () => {
    const early = chat.nextId();
    chat.commit({ type: 'edit', messageId: id, content: 'better' });
    await read();
    chat.post(reaction({ id: early }));
    await pass(200);
    expect(message()).to.include({ content: 'better' });
    expect(fans()).to.deep.equal([BOB]);
  });

  it('keeps a reaction that is shown when a state comes that was read before it and reaches beyond it', async () => {
    const early = chat.nextId();
    chat.commit({ type: 'edit', messageId: id, content: 'better' });
    chat.syncs = false;
    await read();
    const [ask] = syncs().slice(-1);
    const stale = ask?.channels.map((channel) => chat.sync(channel)) ?? [];
    chat.post(reaction({ id: early }));
    expect(fans()).to.deep.equal([BOB]);
    chat.syncs = true;
    chat.socket.push({ type: 'synced', requestId: ask?.requestId ?? '', channels: stale });
    await pass(200);
    expect(fans()).to.deep.equal([BOB]);
  });

  it('keeps a reaction that is shown when a page of history was read before it and reaches beyond it', async () => {
    const early = chat.nextId();
    chat.commit({ type: 'edit', messageId: id, content: 'better' });
    const route = `GET /v1/channels/${ROOM}/messages`;
    const { messages } = chat.sync({ channelId: ROOM, after: '' as EventId });
    let answer = (): void => undefined;
    const page = new Promise<{ status: number; body: unknown }>((resolve) => {
      answer = () => resolve({ status: 200, body: { messages, more: { before: false, after: false } } });
    });
    chat.script(route, page);
    const opened = client.open(ROOM);
    chat.post(reaction({ id: early }));
    answer();
    await opened;
    await pass(200);
    expect(fans()).to.deep.equal([BOB]);
  });

  it('asks once where something later undid what was known', async () => {
    chat.post(reaction());
    chat.commit(reaction({ action: 'remove' }));
    chat.commit({ type: 'edit', messageId: id, content: 'better' });
    await read();
    const before = syncs().length;
    expect(fans()).to.deep.equal([]);
    await pass(60_000);
    expect(syncs().length - before).to.equal(1);
    expect(syncs().at(-1)?.channels[0]?.ids).to.deep.equal([id]);
    expect(fans()).to.deep.equal([]);
  });

  it('asks again where only half an answer came', async () => {
    const early = chat.nextId();
    chat.commit({ type: 'edit', messageId: id, content: 'better' });
    await read();
    chat.syncs = false;
    chat.post(reaction({ id: early }));
    await pass(200);
    const ask = syncs().at(-1);
    const half = ask?.channels.map((channel) => ({ ...chat.sync(channel), error: 'STORE_UNAVAILABLE' as const })) ?? [];
    chat.syncs = true;
    chat.socket.push({ type: 'synced', requestId: ask?.requestId ?? '', channels: half });
    expect(fans()).to.deep.equal([]);
    await pass(5_000);
    expect(fans()).to.deep.equal([BOB]);
  });

  it('counts a comment that comes after its parent was read in a state that reaches beyond it', async () => {
    const early = chat.nextId();
    chat.commit({ type: 'edit', messageId: id, content: 'better' });
    await read();
    chat.post({ id: early, parentId: id, content: 'me too' });
    await pass(200);
    expect(syncs().at(-1)?.channels[0]?.ids).to.deep.equal([id]);
  });

  it('says nothing of a message that was read again and is the same', async () => {
    const updates: string[] = [];
    client.on('messageUpdated', (update) => updates.push(update.message.id));
    chat.post({ prev: chat.nextId(), content: 'after a hole' });
    chat.archivedThrough = '' as EventId;
    await pass(10_000);
    expect(updates).to.deep.equal([]);
  });
});
