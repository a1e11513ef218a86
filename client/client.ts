import type { ChannelId, ClientId, DeviceId, EventId, MessageId, UserId } from '../shared/domain/ids.js';
import type { Receipt, User } from '../shared/domain/model.js';
import type { CommandFrame, SendFrame } from '../shared/protocol/frames.js';
import type { Api } from './api.js';
import type { ChannelInfo } from './channels.js';
import type { ClientEvents } from './client-events.js';
import { completeOptions, FIXED, type ClientOptions, type CompleteOptions } from './client-options.js';
import { createParts, type ClientParts } from './client-parts.js';
import { checkCommand, createClientIds, DEFAULT_LIMITS, pendingMessage } from './commands.js';
import type { ConnectionState } from './connection-state.js';
import { WarrenError } from './errors.js';
import { Login } from './login.js';
import type { Sending } from './outbox.js';
import { newestSent } from './receipts.js';
import type { SignUpRequest } from './requests.js';
import type { TeamPresence } from './team-presence.js';
import type { SendOptions, TimelineView } from './timeline-view.js';
import { addPending, dropPending, markPending } from './timeline.js';

/** One device of one user. See docs of each member; everything asynchronous rejects with WarrenError. */
export class WarrenClient {
  readonly #options: CompleteOptions;
  readonly #parts: ClientParts;
  readonly #login: Login;
  /** Refused sends that are still on the screen: they can be tried again. */
  readonly #failed = new Map<ClientId, SendFrame>();
  readonly #newClientId: () => ClientId;
  #closed = false;

  constructor(options: ClientOptions) {
    this.#options = completeOptions(options);
    this.#newClientId = createClientIds(this.#options.now(), this.#options.random);
    this.#parts = createParts(this.#options, {
      onState: (state) => this.#onState(state),
      onRevoked: (error) => this.#onRevoked(error),
      onRefused: (frame, error) => this.#onRefused(frame, error),
    });
    this.#login = new Login(this.#parts, {
      ...this.#options,
      onKept: (frames) => this.#showKept(frames),
      onForget: () => {
        this.#failed.clear();
        this.#parts.presence.clear();
      },
    });
  }

  /** The HTTP API. */
  get api(): Api {
    return this.#parts.api;
  }

  get user(): User | undefined {
    return this.#parts.session.body?.user;
  }

  get deviceId(): DeviceId | undefined {
    return this.#parts.session.body?.deviceId;
  }

  get connection(): ConnectionState {
    return this.#parts.connection.state;
  }

  get channels(): readonly ChannelInfo[] {
    return this.#parts.channels.list;
  }

  /** Who is online in the teams that are watched. */
  get presence(): Pick<TeamPresence, 'watch' | 'unwatch' | 'online'> {
    return this.#parts.presence;
  }

  /** Commands without an ack. */
  get unsent(): number {
    return this.#parts.outbox.size;
  }

  /** Returns the function that takes the listener off again. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (payload: ClientEvents[Name]) => void): () => void {
    return this.#parts.emitter.on(name, listener);
  }

  /** Makes the user, and logs in. */
  async signUp(request: SignUpRequest): Promise<User> {
    await this.#parts.api.signUp(request);
    return this.logIn(request);
  }

  logIn(credentials: { readonly username: string; readonly password: string }): Promise<User> {
    return this.#login.logIn(credentials);
  }

  /** Goes on with the session in the storage; undefined when there is none. */
  restore(): Promise<User | undefined> {
    return this.#login.restore();
  }

  /** Ends this device's login, or all of this user's, and forgets everything here even if the server cannot be told. */
  logOut(scope: 'this-device' | 'all-devices' = 'this-device'): Promise<void> {
    return this.#login.logOut(scope);
  }

  /** Resolves when it is online for the first time; goes on trying for ever, and stays connected from then on. Rejects when it is stopped. */
  connect(): Promise<void> {
    const { connection, emitter } = this.#parts;
    if (this.#closed) return Promise.reject(new WarrenError('CLOSED', 'The client is closed'));
    if (this.user === undefined) return Promise.reject(new WarrenError('NOT_LOGGED_IN', 'Nobody is logged in on this device'));
    connection.start();
    const online = new Promise<void>((resolve, reject) => {
      const look = (state: ConnectionState): boolean => {
        if (state.status === 'online' || state.status === 'draining') resolve();
        else if (state.status === 'stopped') reject(stopError(state));
        else return false;
        return true;
      };
      if (look(connection.state)) return;
      const off = emitter.on('connection', (state) => {
        if (look(state)) off();
      });
    });
    online.catch(() => undefined);
    return online;
  }

  /** Stays away until `connect`. */
  disconnect(): void {
    this.#parts.connection.stop('closed');
  }

  /** The device woke up, or its network is back. */
  wake(): void {
    this.#parts.connection.wake();
  }

  /** Shown at once as pending. @throws WarrenError INVALID_INPUT, TOO_LARGE, OUTBOX_FULL, NOT_LOGGED_IN; then nothing was taken. */
  send(channelId: ChannelId, content: string, options: SendOptions = {}): Sending {
    const { mentions, parentId, attachments } = options;
    const frame: SendFrame = {
      ...{ type: 'send', clientId: this.#newClientId(), channelId, content },
      ...(mentions === undefined ? {} : { mentions: [...mentions] }),
      ...(parentId === undefined ? {} : { parentId }),
      ...(attachments === undefined ? {} : { attachments: [...attachments] }),
    };
    const sending = this.#submit(frame);
    this.#showPending(frame);
    return sending;
  }

  edit(channelId: ChannelId, messageId: MessageId, content: string, mentions?: readonly string[]): Sending {
    const clientId = this.#newClientId();
    const rest = mentions === undefined ? {} : { mentions: [...mentions] };
    return this.#submit({ type: 'edit', clientId, channelId, messageId, content, ...rest });
  }

  remove(channelId: ChannelId, messageId: MessageId): Sending {
    return this.#submit({ type: 'delete', clientId: this.#newClientId(), channelId, messageId });
  }

  react(channelId: ChannelId, messageId: MessageId, reaction: { readonly emoji: string; readonly action: 'add' | 'remove' }): Sending {
    return this.#submit({ type: 'react', clientId: this.#newClientId(), channelId, messageId, ...reaction });
  }

  /** Sends a failed message again, as the same message; undefined when it is not among the failed ones. */
  retry(clientId: ClientId): Sending | undefined {
    const frame = this.#failed.get(clientId);
    if (frame === undefined) return undefined;
    const sending = this.#submit(frame);
    this.#failed.delete(clientId);
    this.#changePending(frame, (feed) => (feed.timeline = markPending(feed.timeline, clientId, { status: 'pending' })));
    return sending;
  }

  /** Takes a pending or failed message off the screen. A pending one that has reached the server already comes back. */
  discard(clientId: ClientId): void {
    this.#parts.outbox.discard(clientId);
    this.#failed.delete(clientId);
    const senderId = this.user?.id;
    for (const feed of this.#parts.channels.feeds) {
      const before = feed.timeline;
      if (senderId !== undefined) feed.timeline = dropPending(before, senderId, clientId);
      if (feed.timeline !== before) this.#parts.emitter.emit('timeline', { channelId: feed.channelId });
    }
  }

  timeline(channelId: ChannelId): TimelineView {
    const feed = this.#parts.channels.feed(channelId);
    return { messages: feed?.messages ?? [], hasOlder: feed?.timeline.from !== '', opened: feed?.opened ?? false };
  }

  /** Somebody looks at the channel: its newest page is loaded, once. */
  async open(channelId: ChannelId): Promise<TimelineView> {
    await this.#parts.history.open(channelId);
    return this.timeline(channelId);
  }

  /** The page before the oldest message at hand; resolves with whether there is more. */
  loadOlder(channelId: ChannelId): Promise<boolean> {
    return this.#parts.history.loadOlder(channelId);
  }

  /**
   * Somebody has looked at the channel, up to this event or the newest message here: all of this user's devices and the channel's members are
   * told, within about a second. That messages have come is said by itself.
   */
  markRead(channelId: ChannelId, id: EventId = newestSent(this.timeline(channelId).messages)): void {
    this.#parts.receipts.markRead(channelId, id);
  }

  /** How far each member has got, as far as it is known here; the same map until that changes. */
  receipts(channelId: ChannelId): ReadonlyMap<UserId, Receipt> {
    return this.#parts.receipts.of(channelId);
  }

  /** Asks the server how far the members have got: what came live before this client looked is not told again. */
  loadReceipts(channelId: ChannelId): Promise<ReadonlyMap<UserId, Receipt>> {
    return this.#parts.receipts.load(channelId);
  }

  /** Nobody looks at the channel's older messages any more: they make room. */
  release(channelId: ChannelId): void {
    this.#parts.history.release(channelId);
  }

  /** Ends everything but the login: no timer and no socket is left. What is unsent waits in the storage. */
  async close(): Promise<void> {
    const { connection, list, presence, catchUp, outbox, channels, schedule, http, keep, emitter } = this.#parts;
    this.#closed = true;
    connection.stop('closed');
    list.cancel();
    presence.clear();
    catchUp.clear();
    outbox.close(new WarrenError('CLOSED', 'The client is closed'));
    channels.writeCursors();
    schedule.stop();
    http.close();
    emitter.clear();
    await keep.flush();
  }

  #submit(frame: CommandFrame): Sending {
    if (this.user === undefined) throw new WarrenError('NOT_LOGGED_IN', 'Nobody is logged in on this device');
    checkCommand(frame, this.#parts.connection.link?.hello?.limits ?? DEFAULT_LIMITS);
    return this.#parts.outbox.add(frame);
  }

  #showKept(frames: readonly CommandFrame[]): void {
    for (const frame of frames) if (frame.type === 'send') this.#showPending(frame);
  }

  #showPending(frame: SendFrame): void {
    const { user } = this;
    if (user === undefined) return;
    const message = pendingMessage(frame, user.id, this.#options.now());
    this.#changePending(frame, (feed) => (feed.timeline = addPending(feed.timeline, message)));
  }

  #changePending(frame: SendFrame, change: (feed: ReturnType<ClientParts['channels']['ensure']>) => void): void {
    change(this.#parts.channels.feed(frame.channelId) ?? this.#parts.list.follow(frame.channelId));
    this.#parts.emitter.emit('timeline', { channelId: frame.channelId });
  }

  #onRefused(frame: CommandFrame, error: WarrenError): void {
    const { channelId, clientId } = frame;
    if (frame.type === 'send') this.#keepFailed(frame, error);
    this.#parts.emitter.emit('failed', { channelId, clientId, error });
  }

  #keepFailed(frame: SendFrame, error: WarrenError): void {
    const [oldest] = this.#failed.keys();
    if (this.#failed.size >= FIXED.failedKept && oldest !== undefined) this.discard(oldest);
    this.#failed.set(frame.clientId, frame);
    this.#changePending(frame, (feed) => (feed.timeline = markPending(feed.timeline, frame.clientId, { status: 'failed', error })));
  }

  #onState(state: ConnectionState): void {
    this.#parts.emitter.emit('connection', state);
    if (state.status === 'stopped' && state.reason === 'revoked') this.#parts.session.revoke(stopError(state));
  }

  #onRevoked(error: WarrenError): void {
    const { status } = this.connection;
    if (status !== 'stopped' && status !== 'idle') this.#parts.connection.stop('revoked');
    this.#parts.emitter.emit('loggedOut', { error });
  }
}

function stopError(state: ConnectionState & { readonly status: 'stopped' }): WarrenError {
  if (state.reason === 'revoked') return new WarrenError('SESSION_REVOKED', 'This device has been logged out');
  if (state.reason === 'unauthenticated') return new WarrenError('UNAUTHENTICATED', 'Authentication is required');
  if (state.reason === 'refused')
    return new WarrenError('REFUSED', 'The server refuses this client', { details: { closeCode: state.code } });
  return new WarrenError('CLOSED', 'The connection was ended on this side');
}
