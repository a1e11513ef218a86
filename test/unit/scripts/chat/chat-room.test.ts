import { expect } from 'chai';
import { ChatRoom } from '../../../../scripts/chat/chat-room.js';
import type { Screen } from '../../../../scripts/chat/screen.js';
import { BOB, FakeChat } from '../../../support/fake-chat.js';
import { settle } from '../../../support/fake-clock.js';

describe('terminal chat: a room', () => {
  let chat: FakeChat;
  let room: ChatRoom;
  let lines: string[];
  let prompt: string;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    lines = [];
    prompt = '';
    const screen = {
      style: (_: unknown, text: string) => text,
      name: (name: string) => name,
      print: (text: string) => lines.push(text),
      note: (text: string) => lines.push(`· ${text}`),
      problem: (text: string) => lines.push(`! ${text}`),
      rewrite: () => false,
      eraseTyped: () => undefined,
      setPrompt: (text: string) => (prompt = text),
    };
    const bob = { ...chat.user, id: BOB, username: 'bob', displayName: 'Bob' };
    chat.script('GET /v1/users', { status: 200, body: { users: [bob] } });
    room = new ChatRoom(await chat.client(), screen as unknown as Screen);
    await settle();
  });

  it('opens nothing for what came before it has started', async () => {
    chat.post({ content: 'while you were away' });
    await settle();
    await room.flush();
    room.start();
    await room.flush();
    expect(prompt).to.equal('');
    expect(lines.at(-1)).to.contain('while you were away');
  });

  it('opens where its person is spoken to first, shows what was said once, and takes the answer', async () => {
    room.start();
    chat.post({ content: 'hello alice' });
    await settle();
    await room.flush();
    expect(prompt).to.equal('#room> ');
    expect(lines.filter((line) => line.includes('hello alice'))).to.have.lengthOf(1);
    await room.say('hello bob');
    expect(lines.at(-1)).to.contain('hello bob');
  });

  it('stays where it is when another one is spoken in', async () => {
    room.start();
    chat.post({ content: 'hello alice' });
    await settle();
    await room.flush();
    const other = chat.addRoom('0K3W000000009' as Parameters<FakeChat['addRoom']>[0]);
    chat.post({ content: 'over here' }, other.info.id);
    await settle();
    await room.flush();
    expect(prompt).to.equal('#room> ');
  });
});
