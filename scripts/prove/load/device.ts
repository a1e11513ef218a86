import { createClient, createMemoryStorage, type ChannelId, type MessageId, type Sending, type WarrenClient } from '../../../client/mod.js';
import { WarrenError } from '../../../client/errors.js';
import type { CommandKind, HistoryRecord, ScreenRecord } from '../history/records.js';
import { seenMessage } from '../history/seen.js';
import type { SeededRandom } from '../random.js';
import { DeviceSockets } from './device-socket.js';
import type { LoadDevice } from './protocol.js';

export interface DeviceOptions {
  readonly device: LoadDevice;
  readonly baseUrl: string;
  readonly random: SeededRandom;
  /** Milliseconds since the run began. */
  readonly now: () => number;
  readonly write: (record: HistoryRecord) => void;
}

interface Own {
  readonly ch: ChannelId;
  readonly m: MessageId;
}

/** Enough for every message of a run: what is on the screen is compared as a whole. */
const SCREEN_MESSAGES = 20_000;
const OWN_KEPT = 20;
/** Of a screen's end: most of it has been sent, and is not deleted. */
const RECENT = 40;
const EMOJI = ['👍', '🎉', '😀', '❤️', '🙏', '🔥'] as const;
const WORDS = ['안녕하세요', 'hello', '반가워요', 'on my way', '네, 알겠습니다', 'ship it', '점심 먹었어요?', 'lgtm'] as const;
const LONG_TEXT = '길고 긴 이야기 '.repeat(300);

/** One device: a client of the SDK, what it does, and a record of everything that it is told. */
export class Device {
  readonly d: number;
  readonly client: WarrenClient;
  readonly sockets: DeviceSockets;
  readonly #options: DeviceOptions;
  /** Messages of this device that have an ack: it may edit and delete them. */
  readonly #own: Own[] = [];
  #count = 0;
  sent = 0;
  acked = 0;
  told = 0;
  lastChange = 0;

  constructor(options: DeviceOptions) {
    this.#options = options;
    const { device, baseUrl, write, now } = options;
    const d = device.d;
    this.d = d;
    this.sockets = new DeviceSockets(baseUrl);
    const storage = createMemoryStorage();
    void storage.set('session', device.session);
    const WebSocket = this.sockets.constructorForClient;
    this.client = createClient({ baseUrl, storage, WebSocket, deviceName: `prove-${d}`, messagesPerChannel: SCREEN_MESSAGES });
    this.client.on('message', ({ channelId, message }) => {
      this.told += 1;
      write({ op: 'told', t: now(), d, ch: channelId, id: message.id, u: message.senderId, cl: message.clientId });
    });
    this.client.on('timeline', () => (this.lastChange = now()));
    this.client.on('connection', (state) => {
      write({
        op: 'state',
        t: now(),
        d,
        status: state.status,
        ...('serverId' in state && state.serverId ? { server: state.serverId } : {}),
      });
    });
    this.client.on('loggedOut', ({ error }) => write({ op: 'surface-error', t: now(), d, code: error.code }));
  }

  /** Resolves when it is online for the first time. */
  async connect(): Promise<void> {
    await this.client.restore();
    await this.client.connect();
  }

  get online(): boolean {
    return this.client.connection.status === 'online';
  }

  /** Something that a person might do. */
  act(): void {
    const dice = this.#options.random.next();
    if (dice < 0.92) this.send(this.#anyChannel());
    else if (dice < 0.95) this.#edit();
    else if (dice < 0.96) this.#remove();
    else if (dice < 0.99) this.#react();
    else this.#read();
  }

  send(channelId: ChannelId, text = this.#nextText()): void {
    this.#command('send', channelId, { text }, () => this.client.send(channelId, text));
  }

  /** Far more than a person writes: a few megabytes a second, for somebody who does not read. */
  sendLong(channelId: ChannelId): void {
    this.send(channelId, `${this.d}-${++this.#count} ${LONG_TEXT}`);
  }

  /** Writes what is on the screen; all of it, or its end. */
  show(when: ScreenRecord['when'], channelId: ChannelId, count = Infinity): void {
    const { write, now } = this.#options;
    const { messages } = this.client.timeline(channelId);
    const sent = messages.filter((message) => message.status === 'sent');
    const list = (count === Infinity ? sent : sent.slice(-count)).map(seenMessage);
    write({ op: 'screen', t: now(), d: this.d, ch: channelId, when, list, pending: messages.length - sent.length });
  }

  showAnyEnd(): void {
    this.show('moment', this.#anyChannel(), 30);
  }

  get channels(): readonly ChannelId[] {
    return this.#options.device.channels as readonly ChannelId[];
  }

  #anyChannel(): ChannelId {
    return this.#options.random.pick(this.channels);
  }

  #edit(): void {
    const own = this.#pickOwn();
    if (own === undefined) return;
    const text = `${this.#nextText()} (edited)`;
    this.#command('edit', own.ch, { text, m: own.m }, () => this.client.edit(own.ch, own.m, text));
  }

  #remove(): void {
    const own = this.#pickOwn();
    if (own === undefined) return;
    this.#own.splice(this.#own.indexOf(own), 1);
    this.#command('delete', own.ch, { m: own.m }, () => this.client.remove(own.ch, own.m));
  }

  /** Devices of one user use different emoji, so that what they do does not depend on whose comes first. */
  #react(): void {
    const { random } = this.#options;
    const ch = this.#anyChannel();
    const recent = this.client
      .timeline(ch)
      .messages.slice(-RECENT)
      .filter((message) => message.status === 'sent' && !message.deleted)
      .slice(-10);
    if (recent.length === 0) return;
    const { id: m } = random.pick(recent);
    const emoji = EMOJI[(this.d * 2 + random.below(2)) % EMOJI.length] as string;
    const action = random.next() < 0.7 ? 'add' : 'remove';
    this.#command('react', ch, { m, emoji, action }, () => this.client.react(ch, m, { emoji, action }));
  }

  #read(): void {
    const { write, now } = this.#options;
    const ch = this.#anyChannel();
    const from = now();
    this.client.api.history(ch, { limit: 50 }).then(
      ({ messages, more }) => {
        const list = messages.map(({ id, updatedId, clientId }) => [id, updatedId, clientId] as const);
        write({ op: 'read', t: now(), from, d: this.d, ch, more: more.before, list });
      },
      // A read that is refused says nothing about what is stored.
      () => undefined,
    );
  }

  #pickOwn(): Own | undefined {
    return this.#own.length === 0 ? undefined : this.#options.random.pick(this.#own);
  }

  #command(kind: CommandKind, ch: ChannelId, what: object, submit: () => Sending): void {
    const { write, now } = this.#options;
    const t = now();
    try {
      const { clientId: cl, acked } = submit();
      this.sent += 1;
      write({ op: 'send', t, d: this.d, kind, ch, cl, ...what });
      acked.then(
        ({ id, messageId: m }) => {
          this.acked += 1;
          write({ op: 'ack', t: now(), d: this.d, cl, id, m });
          if (kind === 'send') this.#remember({ ch, m });
        },
        (error: unknown) => write({ op: 'fail', t: now(), d: this.d, cl, code: error instanceof WarrenError ? error.code : 'UNKNOWN' }),
      );
    } catch (error) {
      // The outbox is full, or the SDK refuses: nothing was taken, so nothing is owed.
      if (!(error instanceof WarrenError)) throw error;
    }
  }

  #remember(own: Own): void {
    this.#own.push(own);
    if (this.#own.length > OWN_KEPT) this.#own.shift();
  }

  #nextText(): string {
    const { random } = this.#options;
    const text = `${this.d}-${++this.#count} ${random.pick(WORDS)}`;
    return random.next() < 0.003 ? `${text} ${LONG_TEXT}` : text;
  }
}
