import { createClient, type ClientOptions, type ClientStorage, type WarrenClient } from '../../client/mod.js';
import { applyEvent, messageFromEvent, targetOf, type ChatEvent } from '../../shared/domain/events.js';
import {
  formatId,
  type ChannelId,
  type ClientId,
  type EventId,
  type MessageId,
  type ServerId,
  type UserId,
} from '../../shared/domain/ids.js';
import type { Channel, Message, Receipt } from '../../shared/domain/model.js';
import { mergeProgress, NO_PROGRESS, type Progress } from '../../shared/domain/receipts.js';
import type { ClientFrame, CommandFrame, ReceiptFrame, ServerFrame, SyncedChannel, SyncFrame } from '../../shared/protocol/frames.js';
import type { ServerChoice, SessionBody } from '../../shared/protocol/http.js';
import { createSockets, helloFrame, type FakeSocket } from './fake-socket.js';
import { FakeClock, settle } from './fake-clock.js';

export const ALICE = '0K3V000000001' as UserId;
export const BOB = '0K3V000000002' as UserId;
export const ROOM = '0K3W000000001' as ChannelId;

export interface FakeRequest {
  /** `GET /v1/channels`, without the query. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly token: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Room {
  readonly info: Channel;
  readonly events: ChatEvent[];
}

/** A chat server and its API for one user, in memory: enough of both to let a client live on it, and levers to misbehave. */
export class FakeChat {
  readonly clock = new FakeClock();
  /** How far the server's clock is ahead. */
  serverAheadMs = 0;
  readonly requests: FakeRequest[] = [];
  readonly sockets = createSockets((socket) => this.#accept(socket));
  readonly rooms = new Map<ChannelId, Room>();
  servers: ServerChoice[] = ['server1', 'server2', 'server3'].map(serverChoice);
  user = { id: ALICE, username: 'alice', displayName: 'Alice', locale: 'en', createdAt: '2026-11-18T09:00:00.000Z' };
  accessToken = 'access-1';
  accessTtlMs = 15 * 60_000;
  /** What the archive is said to have passed; by default everything. */
  archivedThrough: EventId | undefined;
  syncPage = 200;
  /** Off: the test answers by itself. */
  greets = true;
  acks = true;
  syncs = true;
  takesReceipts = true;
  /** Receipts of this user's devices, as they came. */
  readonly given: ({ readonly channelId: ChannelId } & Progress)[] = [];
  readonly receipts = new Map<ChannelId, readonly Receipt[]>();
  /** Pins the client's random numbers. */
  random: number | undefined;
  readonly #scripted = new Map<string, (Answer | Promise<Answer> | Error)[]>();
  #count = 0;
  #seed = 1;

  get socket(): FakeSocket {
    return this.sockets.last();
  }

  /** A client on this server; `login: false` leaves it logged out. */
  async client(options: Partial<ClientOptions> & { readonly login?: boolean; readonly connect?: boolean } = {}): Promise<WarrenClient> {
    const { login = true, connect = true, ...rest } = options;
    const { fetch, clock, sockets } = this;
    const base = { baseUrl: 'http://chat.test', fetch, now: clock.now, timers: clock.timers, random: () => this.#random() };
    const client = createClient({ ...base, WebSocket: sockets.WebSocket, transports: ['websocket'], ...rest });
    if (login) await client.logIn({ username: this.user.username, password: 'secret-password' });
    if (login && connect) void client.connect().catch(() => undefined);
    await settle();
    await settle();
    return client;
  }

  addRoom(id: ChannelId = ROOM): Room {
    const createdAt = '2026-11-18T09:00:00.000Z';
    const info: Channel = { id, kind: 'group', teamId: null, name: 'room', topic: '', createdBy: BOB, createdAt };
    const room = { info, events: [] };
    this.rooms.set(id, room);
    return room;
  }

  /** An id of this moment; each one is larger than the one before. */
  nextId(): EventId {
    return formatId(this.clock.now(), 1, ++this.#count) as EventId;
  }

  /** An event of somebody else, committed; nobody has been told about it yet. */
  commit(parts: Partial<ChatEvent> & { readonly type?: ChatEvent['type'] } = {}, roomId: ChannelId = ROOM): ChatEvent {
    const room = this.rooms.get(roomId) ?? this.addRoom(roomId);
    const id = parts.id ?? this.nextId();
    const createdAt = new Date(this.clock.now()).toISOString();
    const prev = room.events.at(-1)?.id ?? ('' as EventId);
    const base = { id, prev, channelId: roomId, senderId: BOB, clientId: `bob-${id}` as ClientId, createdAt };
    const event = { ...base, type: 'message', content: `message ${room.events.length + 1}`, ...parts } as ChatEvent;
    room.events.push(event);
    return event;
  }

  /** The same, and pushed to the newest socket. */
  post(parts: Partial<ChatEvent> & { readonly type?: ChatEvent['type'] } = {}, roomId: ChannelId = ROOM): ChatEvent {
    const event = this.commit(parts, roomId);
    this.socket.push(event);
    return event;
  }

  /** The next answer to the route in place of the usual one. */
  script(route: string, ...answers: (Answer | Promise<Answer> | Error)[]): void {
    this.#scripted.set(route, [...(this.#scripted.get(route) ?? []), ...answers]);
  }

  requestsTo(route: string): FakeRequest[] {
    return this.requests.filter((request) => request.route === route);
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(url);
    const route = `${init.method ?? 'GET'} ${pathname}`;
    const headers = init.headers as Record<string, string> | undefined;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const request = { route, query: searchParams, body, token: headers?.['authorization']?.replace('Bearer ', '') };
    this.requests.push(request);
    const scripted = this.#scripted.get(route)?.shift();
    if (scripted instanceof Error) throw scripted;
    const answer = await (scripted === undefined ? this.#answer(request) : abortable(scripted, init.signal));
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), { status: answer.status });
  };

  session(): SessionBody {
    const { user, accessToken, servers } = this;
    const accessExpiresAt = new Date(this.clock.now() + this.accessTtlMs).toISOString();
    const refreshExpiresAt = new Date(this.clock.now() + 86_400_000).toISOString();
    const deviceId = formatId(this.clock.now(), 0, 0) as SessionBody['deviceId'];
    return { user, deviceId, accessToken, accessExpiresAt, refreshToken: `refresh-${accessToken}`, refreshExpiresAt, servers };
  }

  /** What `sync` answers for one channel. */
  sync(ask: SyncFrame['channels'][number]): SyncedChannel {
    const room = this.rooms.get(ask.channelId);
    const empty = { channelId: ask.channelId, messages: [], events: [], cursor: ask.after, more: false, archivedThrough: '' as EventId };
    if (room === undefined) return { ...empty, error: 'NOT_FOUND' };
    const states = statesOf(room.events);
    const changed = states.filter((m) => m.updatedId > ask.after).sort((a, b) => (a.updatedId < b.updatedId ? -1 : 1));
    const page = changed.slice(0, this.syncPage);
    const named = states.filter((m) => ask.ids?.some((id) => id === m.id || id === m.updatedId) === true && !page.includes(m));
    const cursor = page.at(-1)?.updatedId ?? ask.after;
    const archivedThrough = this.archivedThrough ?? room.events.at(-1)?.id ?? ('' as EventId);
    return { ...empty, messages: [...page, ...named], cursor, more: page.length < changed.length, archivedThrough };
  }

  #accept(socket: FakeSocket): void {
    socket.onFrame = (frame) => queueMicrotask(() => this.#onFrame(socket, frame));
    if (this.greets) queueMicrotask(() => socket.open());
  }

  #onFrame(socket: FakeSocket, frame: ClientFrame): void {
    if (frame.type === 'connect') {
      if (this.greets) socket.push(this.hello(socket));
    } else if (frame.type === 'ping') socket.push({ type: 'pong' });
    else if (frame.type === 'sync') {
      if (this.syncs) this.answerSync(frame, socket);
    } else if (frame.type === 'receipt') this.#takeReceipt(socket, frame);
    else if (frame.type !== 'watch' && frame.type !== 'unwatch' && this.acks) this.acknowledge(frame, socket);
  }

  #takeReceipt(socket: FakeSocket, { channelId, delivered = '' as EventId, read = '' as EventId }: ReceiptFrame): void {
    this.given.push({ channelId, delivered, read });
    const known = this.receipts.get(channelId)?.find(({ userId }) => userId === this.user.id) ?? NO_PROGRESS;
    if (this.takesReceipts) this.tellReceipts(channelId, [{ userId: this.user.id, ...mergeProgress(known, { delivered, read }) }], socket);
  }

  /** Members have got so far: kept, and told. */
  tellReceipts(channelId: ChannelId, receipts: readonly Receipt[], socket = this.socket): void {
    const others = (this.receipts.get(channelId) ?? []).filter(({ userId }) => receipts.every((receipt) => receipt.userId !== userId));
    this.receipts.set(channelId, [...others, ...receipts]);
    socket.push({ type: 'receipts', channelId, receipts });
  }

  hello(socket: FakeSocket): ServerFrame {
    const serverId = this.servers.find((server) => server.url === socket.url)?.serverId ?? ('server9' as ServerId);
    return helloFrame({ serverId, serverTime: new Date(this.clock.now() + this.serverAheadMs).toISOString() });
  }

  answerSync(frame: SyncFrame, socket = this.socket): void {
    socket.push({ type: 'synced', requestId: frame.requestId, channels: frame.channels.map((ask) => this.sync(ask)) });
  }

  /** Commits the command as the user's event, and tells the sending session. */
  acknowledge(frame: CommandFrame, socket = this.socket): ChatEvent {
    const { clientId, channelId } = frame;
    const known = this.rooms.get(channelId)?.events.find((event) => event.clientId === clientId && event.senderId === this.user.id);
    const event = known ?? this.commit(eventParts(frame, this.user.id), channelId);
    socket.push({ type: 'ack', clientId, channelId, id: event.id, prev: event.prev, createdAt: event.createdAt });
    return event;
  }

  #answer(request: FakeRequest): Answer {
    const { route, query } = request;
    const roomId = /^\w+ \/v1\/channels\/(\w+)/.exec(route)?.[1] as ChannelId | undefined;
    const room = roomId === undefined ? undefined : this.rooms.get(roomId);
    if (route === 'POST /v1/users') return { status: 201, body: { user: this.user } };
    if (route === 'POST /v1/sessions') return { status: 201, body: this.session() };
    if (route === 'POST /v1/sessions/refresh') return this.#refresh();
    if (route.startsWith('DELETE /v1/sessions')) return { status: 204, body: undefined };
    if (route === 'POST /v1/tickets') return { status: 201, body: { ticket: 'ticket-1', expiresAt: '' } };
    if (route === 'GET /v1/servers') return { status: 200, body: { servers: this.servers } };
    if (route === 'GET /v1/channels')
      return { status: 200, body: { channels: [...this.rooms.values()].map(({ info }) => ({ ...info, read: this.#readOf(info.id) })) } };
    if (room === undefined) return errorAnswer(404, 'NOT_FOUND');
    if (route.endsWith('/receipts')) return { status: 200, body: { receipts: this.receipts.get(room.info.id) ?? [] } };
    return route.endsWith('/messages') ? historyAnswer(room, query) : { status: 200, body: { channel: room.info } };
  }

  #readOf(channelId: ChannelId): EventId {
    return (this.receipts.get(channelId)?.find(({ userId }) => userId === this.user.id) ?? NO_PROGRESS).read;
  }

  #refresh(): Answer {
    this.accessToken = `access-${Number(this.accessToken.slice(7)) + 1}`;
    return { status: 200, body: this.session() };
  }

  #random(): number {
    if (this.random !== undefined) return this.random;
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}

export function serverChoice(serverId: string): ServerChoice {
  return { serverId: serverId as ServerId, url: `ws://chat.test/ws/${serverId}`, region: '' };
}

export function errorAnswer(status: number, code: string, parts: { temporary?: boolean; details?: object; field?: string } = {}): Answer {
  return { status, body: { error: { code, message: code, temporary: false, requestId: 'r1', ...parts } } };
}

/** What a storage holds, by key. */
export async function keptIn(storage: ClientStorage): Promise<Map<string, string>> {
  return new Map(await storage.entries());
}

function historyAnswer(room: Room, query: URLSearchParams): Answer {
  const before = query.get('before') ?? '';
  const limit = Number(query.get('limit') ?? 50);
  const all = statesOf(room.events).filter((m) => !m.voided && (before === '' || m.id < before));
  const messages = all.slice(-limit);
  return { status: 200, body: { messages, more: { before: all.length > messages.length, after: before !== '' } } };
}

function statesOf(events: readonly ChatEvent[]): Message[] {
  const states = new Map<MessageId, Message>();
  for (const event of events) {
    const known = states.get(targetOf(event));
    if (known !== undefined) states.set(known.id, applyEvent(known, event));
    else if (event.type === 'message') states.set(targetOf(event), messageFromEvent(event));
  }
  return [...states.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function eventParts(frame: CommandFrame, senderId: UserId): Partial<ChatEvent> {
  const base = { senderId, clientId: frame.clientId };
  if (frame.type === 'send') return { ...base, type: 'message', content: frame.content };
  if (frame.type === 'react') {
    return { ...base, type: 'reaction', messageId: frame.messageId, emoji: frame.emoji, action: frame.action };
  }
  const { type, messageId } = frame;
  return { ...base, type, messageId, ...(frame.type === 'edit' ? { content: frame.content } : {}) };
}

/** As a fetch that is aborted does. */
function abortable<T>(answer: T | Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    Promise.resolve(answer).then(resolve, reject);
  });
}
