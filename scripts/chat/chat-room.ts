import type { ChannelId, ChannelInfo, TimelineMessage, WarrenClient } from '../../client/mod.js';
import { renderMessage, renderOwn } from './message-line.js';
import { MessageNumbers, type Numbered } from './message-numbers.js';
import { People } from './people.js';
import type { Screen } from './screen.js';

const PEOPLE_SHOWN = 50;

/** What a person does in the terminal, on a client. Problems are thrown as Errors whose message is for that person. */
export class ChatRoom {
  readonly #client: WarrenClient;
  readonly #screen: Screen;
  readonly #people: People;
  readonly #numbers = new MessageNumbers();
  #open: ChannelInfo | undefined;
  #started = false;
  /** Printed when their channel was opened: the event that tells of them does not print them again. */
  #printed: ReadonlySet<string> = new Set();
  /** Lines are printed in the order of what happened, although names may have to be looked up. */
  #printing: Promise<void> = Promise.resolve();
  /** Until then, one's newest message cannot be named in a command. */
  #lastSaid: Promise<void> = Promise.resolve();

  constructor(client: WarrenClient, screen: Screen) {
    this.#client = client;
    this.#screen = screen;
    this.#people = new People(client);
    client.on('message', ({ message }) => this.#queue(() => this.#showMessage(message)));
    client.on('messageUpdated', ({ message }) => this.#queue(() => this.#showUpdate(message)));
    client.on('sent', ({ channelId, clientId }) => this.#queue(() => this.#markOwn(channelId, clientId)));
    client.on('failed', ({ channelId, clientId, error }) =>
      this.#queue(() => this.#markFailed({ channelId, clientId, reason: error.message })),
    );
    client.on('channel', ({ action, channel }) => {
      if (action === 'joined' && channel !== undefined && channel.createdBy !== client.user?.id)
        this.#queue(() => this.#announceJoined(channel));
    });
  }

  /** From now on, whoever has nothing open is in the channel in which they are spoken to. What came before, while they were away, opens nothing. */
  start(): void {
    this.#queue(() => {
      this.#started = true;
      return Promise.resolve();
    });
  }

  print(text: string): Promise<void> {
    this.#screen.print(text);
    return Promise.resolve();
  }

  /** Everything that has happened so far is on the screen. */
  flush(): Promise<void> {
    return this.#printing;
  }

  /** In a terminal one may type on before the ack comes; a script's next line waits for it. */
  async say(text: string): Promise<void> {
    const channel = this.#current();
    this.#screen.eraseTyped();
    const { clientId, acked } = this.#client.send(channel.id, text);
    // A failure is shown at the message itself.
    this.#lastSaid = acked.then(
      () => undefined,
      () => undefined,
    );
    const message = this.#client.timeline(channel.id).messages.find((m) => m.clientId === clientId);
    if (message !== undefined) this.#queue(() => this.#showOwn(message));
    if (process.stdout.isTTY) return;
    await this.#lastSaid;
    await this.flush();
  }

  async listChannels(): Promise<void> {
    const lines = await Promise.all(this.#client.channels.map(async (channel, i) => `  ${i + 1}. ${await this.#people.label(channel)}`));
    this.#screen.print(
      lines.length === 0 ? 'No channels yet. /people shows who there is, /dm bob begins a conversation.' : lines.join('\n'),
    );
  }

  async listPeople(): Promise<void> {
    const users = await this.#people.list(PEOPLE_SHOWN);
    const lines = users.map((user) => `  ${this.#screen.name(user.username)} ${this.#screen.style('dim', user.displayName)}`);
    this.#screen.print(lines.join('\n'));
  }

  async openDm(username: string): Promise<void> {
    const user = await this.#people.find(username);
    const { channel } = await this.#client.api.createDm(user.id);
    await this.#openChannel(channel);
  }

  async createGroup([name, ...usernames]: [string, ...string[]]): Promise<void> {
    const users = await Promise.all(usernames.map((username) => this.#people.find(username)));
    const { channel } = await this.#client.api.createGroup({ name, userIds: users.map((user) => user.id) });
    await this.#openChannel(channel);
  }

  /** A channel by its number or name; else the conversation with that user. */
  async open(text: string): Promise<void> {
    const byNumber = /^\d+$/.test(text) ? this.#client.channels[Number(text) - 1] : undefined;
    const found = byNumber ?? (await this.#findByLabel(text));
    if (found === undefined) await this.openDm(text);
    else await this.#openChannel(found);
  }

  async showOlder(): Promise<void> {
    const channel = this.#current();
    const before = new Set(this.#client.timeline(channel.id).messages.map((m) => m.id));
    const more = await this.#client.loadOlder(channel.id);
    const older = this.#client.timeline(channel.id).messages.filter((m) => m.id !== '' && !before.has(m.id));
    await this.#showAll(older);
    this.#screen.note(more ? 'there is more: /history' : 'this is the beginning');
  }

  async edit(which: string, text: string): Promise<void> {
    const { channelId, messageId } = await this.#find(which);
    await this.#client.edit(channelId, messageId, text).acked;
  }

  async remove(which: string): Promise<void> {
    const { channelId, messageId } = await this.#find(which);
    await this.#client.remove(channelId, messageId).acked;
  }

  async react(which: string, emoji: string): Promise<void> {
    const { channelId, messageId } = await this.#find(which);
    const message = this.#client.timeline(channelId).messages.find((m) => m.id === messageId);
    const mine = message?.reactions.some((r) => r.emoji === emoji && r.users.some((userId) => userId === this.#client.user?.id)) ?? false;
    await this.#client.react(channelId, messageId, { emoji, action: mine ? 'remove' : 'add' }).acked;
  }

  async showMembers(): Promise<void> {
    const { connection } = this.#client;
    const server = 'serverId' in connection && connection.serverId !== undefined ? ` on ${connection.serverId}` : '';
    this.#screen.note(`${this.#client.user?.username ?? ''}, ${connection.status}${server}`);
    if (this.#open === undefined) return;
    const { members } = await this.#client.api.listMembers(this.#open.id);
    await this.#people.learn(members.map((member) => member.userId));
    this.#screen.print(members.map((member) => `  ${this.#screen.name(this.#people.name(member.userId))} ${member.role}`).join('\n'));
  }

  async #find(which: string): Promise<Numbered> {
    await this.#lastSaid;
    await this.flush();
    return this.#numbers.find(which);
  }

  #current(): ChannelInfo {
    if (this.#open === undefined) throw new Error('No channel is open: /dm bob, or /list and /open 1.');
    return this.#open;
  }

  async #findByLabel(text: string): Promise<ChannelInfo | undefined> {
    for (const channel of this.#client.channels) {
      const label = await this.#people.label(channel);
      if (label === text || label.slice(1) === text) return channel;
    }
    return undefined;
  }

  async #openChannel(channel: ChannelInfo): Promise<void> {
    this.#open = channel;
    const label = await this.#people.label(channel);
    const { messages, hasOlder } = await this.#client.open(channel.id);
    this.#screen.note(`${label}${hasOlder ? ', older messages with /history' : ''}`);
    await this.#showAll(messages);
    this.#printed = new Set(messages.map(({ id }) => id));
    // Another one may have been opened meanwhile.
    if (this.#open.id === channel.id) this.#screen.setPrompt(`${label}> `);
  }

  async #openIfNoneIs(channelId: ChannelId): Promise<void> {
    if (!this.#started || this.#open !== undefined) return;
    const channel = this.#client.channels.find(({ id }) => id === channelId);
    if (channel !== undefined) await this.#openChannel(channel);
  }

  async #showAll(messages: readonly TimelineMessage[]): Promise<void> {
    await this.#people.learn(messages.map((m) => m.senderId));
    for (const message of messages) await this.#showLine(message);
  }

  async #showMessage(message: TimelineMessage): Promise<void> {
    await this.#openIfNoneIs(message.channelId);
    if (this.#printed.has(message.id)) return;
    await this.#people.learn([message.senderId]);
    await this.#showLine(message);
  }

  async #showLine(message: TimelineMessage): Promise<void> {
    const numbered = this.#number(message);
    this.#screen.print(renderMessage(this.#screen, message, await this.#facts(message, numbered)), numbered.key);
  }

  async #showUpdate(message: TimelineMessage): Promise<void> {
    await this.#people.learn([message.senderId]);
    const numbered = this.#number(message);
    const text = renderMessage(this.#screen, message, await this.#facts(message, numbered));
    if (!this.#screen.rewrite(numbered.key, text)) this.#screen.print(text);
  }

  async #showOwn(message: TimelineMessage): Promise<void> {
    const numbered = this.#number(message);
    await this.#people.learn([message.senderId]);
    // On paper a line cannot change any more: it is printed when it is known to be sent.
    if (process.stdout.isTTY) this.#screen.print(renderOwn(this.#screen, message, await this.#facts(message, numbered)), numbered.key);
  }

  async #markOwn(channelId: ChannelId, clientId: string): Promise<void> {
    const message = this.#client.timeline(channelId).messages.find((m) => m.clientId === clientId && m.senderId === this.#client.user?.id);
    if (message === undefined) return;
    const numbered = this.#number(message);
    const text = renderOwn(this.#screen, message, await this.#facts(message, numbered));
    if (!this.#screen.rewrite(numbered.key, text)) this.#screen.print(text);
  }

  async #markFailed(facts: { readonly channelId: ChannelId; readonly clientId: string; readonly reason: string }): Promise<void> {
    await this.#markOwn(facts.channelId, facts.clientId);
    if (!process.stdout.isTTY) this.#screen.problem(facts.reason);
  }

  async #announceJoined(channel: ChannelInfo): Promise<void> {
    this.#screen.note(`you are in ${await this.#people.label(channel)} now`);
    await this.#openIfNoneIs(channel.id);
  }

  #number(message: TimelineMessage): Numbered {
    return this.#numbers.assign(message, this.#client.user?.id);
  }

  async #facts(message: TimelineMessage, numbered: Numbered): Promise<Parameters<typeof renderMessage>[2]> {
    const author = this.#people.name(message.senderId);
    if (message.channelId === this.#open?.id) return { number: numbered.number, author };
    const channel = this.#client.channels.find(({ id }) => id === message.channelId);
    return { number: numbered.number, author, label: channel === undefined ? '(new channel)' : await this.#people.label(channel) };
  }

  #queue(show: () => Promise<void>): void {
    this.#printing = this.#printing.then(show).catch((error: unknown) => this.#screen.problem((error as Error).message));
  }
}
