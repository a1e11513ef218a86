import type { ChatEvent } from '../shared/domain/events.js';
import type { ChannelId, UserId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import type {
  AckFrame,
  ChannelFrame,
  CommandFrame,
  ErrorFrame,
  HelloFrame,
  ServerFrame,
  SyncedChannel,
} from '../shared/protocol/frames.js';
import type { CatchUp } from './catch-up.js';
import type { Ask, Moment } from '../shared/protocol/chain.js';
import type { ChannelFeed, FeedChange } from './channel-feed.js';
import type { ChannelList } from './channel-list.js';
import type { Channels } from './channels.js';
import type { ClientEvents } from './client-events.js';
import { eventFromAck } from './commands.js';
import type { Emitter } from './emitter.js';
import { errorFromFrame } from './errors.js';
import type { Link } from './link.js';
import type { Outbox } from './outbox.js';
import type { Receipts } from './receipts.js';
import type { Schedule } from './schedule.js';
import type { TeamPresence } from './team-presence.js';

export interface ReceiverOptions {
  readonly schedule: Schedule;
  readonly channels: Channels;
  readonly list: ChannelList;
  readonly presence: TeamPresence;
  readonly receipts: Receipts;
  readonly emitter: Emitter<ClientEvents>;
  readonly me: () => UserId | undefined;
  readonly outbox: () => Outbox;
  readonly catchUp: () => CatchUp;
  readonly onDrain: (link: Link, withinMs: number) => void;
}

/** Two senders' servers race for this long at most; ms. */
const GRACE_MS = { least: 50, most: 150 };

/** What comes from the server finds its way: events to their channels, answers to who asked. */
export class Receiver {
  readonly #options: ReceiverOptions;
  #cancelResync: () => void = () => undefined;
  #resuming: string | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  onHello(hello: HelloFrame): void {
    const { channels, catchUp, list } = this.#options;
    this.#cancelResync();
    this.#resuming = hello.serverId;
    channels.setServerTime(hello.serverTime);
    catchUp().begin(channels.ids);
    list.refresh();
    this.#options.presence.askAgain();
    this.#options.receipts.resume();
  }

  onFrame(frame: ServerFrame, link: Link): void {
    switch (frame.type) {
      case 'message':
      case 'edit':
      case 'delete':
      case 'reaction':
      case 'void':
        this.#onEvent(frame);
        return;
      case 'ack':
        this.#options.outbox().acknowledge(frame);
        return;
      case 'synced':
        this.#options.catchUp().answer(frame);
        this.announceCaughtUp();
        return;
      case 'error':
        this.#onError(frame);
        return;
      case 'drain':
        this.#options.onDrain(link, frame.withinMs);
        return;
      case 'resync':
        this.#onResync(frame.withinMs);
        return;
      case 'channel':
        this.#onChannel(frame);
        return;
      case 'presence':
        this.#options.presence.onFrame(frame, link);
        return;
      case 'receipts':
        // What is told of a channel that was left meanwhile is not kept.
        if (this.#options.channels.feed(frame.channelId) !== undefined) this.#options.receipts.merge(frame.channelId, frame.receipts);
        return;
      default:
        // A newer server may say more than this client understands.
        return;
    }
  }

  /** The sending session gets the ack in place of its own event. */
  onAcked(frame: CommandFrame, ack: AckFrame): void {
    const { emitter, me } = this.#options;
    const senderId = me();
    if (senderId === undefined) return;
    const feed = this.#feedOf(frame.channelId);
    const change = feed.take(eventFromAck(frame, ack, senderId), this.#moment());
    // The screen has had it all along, as pending; other messages that changed with it are still told.
    this.#after(feed, { ...change, added: [], settled: [] }, change.unknown);
    this.#noteCursor(feed);
    emitter.emit('sent', { channelId: frame.channelId, clientId: frame.clientId, id: ack.id, messageId: ack.messageId ?? ack.id });
  }

  onAnswer(reply: SyncedChannel, ask: Ask): 'more' | 'done' | 'failed' | 'gone' {
    const { channels, list } = this.#options;
    if (reply.error === 'FORBIDDEN' || reply.error === 'NOT_FOUND') {
      list.drop(reply.channelId);
      return 'gone';
    }
    const feed = channels.feed(reply.channelId);
    if (feed === undefined) return 'gone';
    const { next, ...change } = feed.takeAnswer(reply, ask, this.#moment());
    this.#tell(feed, change);
    this.#noteCursor(feed);
    return next;
  }

  /** A page of history. */
  onPage(feed: ChannelFeed, messages: readonly Message[], page: { readonly first: boolean }): void {
    feed.takePage(messages, page, this.#moment());
    this.#options.catchUp().watch(feed.channelId);
    this.#options.emitter.emit('timeline', { channelId: feed.channelId });
  }

  announceCaughtUp(): void {
    const { catchUp, list, emitter } = this.#options;
    if (this.#resuming === undefined || !catchUp().idle || !list.fresh) return;
    const serverId = this.#resuming;
    this.#resuming = undefined;
    emitter.emit('caughtUp', { serverId });
  }

  #onEvent(event: ChatEvent): void {
    const feed = this.#feedOf(event.channelId);
    const change = feed.take(event, this.#moment());
    this.#after(feed, change, change.unknown);
    this.#noteCursor(feed);
  }

  #feedOf(channelId: ChannelId): ChannelFeed {
    const { channels, list } = this.#options;
    if (channels.info(channelId) === undefined) list.fetch(channelId);
    return channels.feed(channelId) ?? list.follow(channelId);
  }

  #after(feed: ChannelFeed, change: FeedChange, unknown: boolean): void {
    this.#tell(feed, change);
    if (unknown) this.#options.catchUp().begin([feed.channelId]);
    else this.#options.catchUp().watch(feed.channelId);
  }

  #noteCursor(feed: ChannelFeed): void {
    this.#options.channels.noteCursor(feed);
    this.#options.receipts.noteCursor(feed.channelId, feed.chain.cursor);
  }

  #tell(feed: ChannelFeed, change: FeedChange): void {
    const { emitter, me, outbox, receipts } = this.#options;
    const { channelId } = feed;
    const news = change.added.filter((m) => m.senderId !== me() || !outbox().has(m.clientId));
    for (const { senderId, clientId, id, messageId } of change.settled) {
      if (senderId !== me() || !outbox().settle({ channelId, clientId, id, messageId })) continue;
      emitter.emit('sent', { channelId, clientId, id, messageId });
    }
    for (const message of news) {
      if (message.senderId !== me()) receipts.noteArrived(channelId, message.id);
      emitter.emit('message', { channelId, message });
    }
    for (const message of change.updated) emitter.emit('messageUpdated', { channelId, message });
    emitter.emit('timeline', { channelId });
  }

  #onError(frame: ErrorFrame): void {
    const { outbox, catchUp, presence, emitter } = this.#options;
    if (presence.refuse(frame) || outbox().refuse(frame) || catchUp().refuse(frame)) return;
    emitter.emit('error', { error: errorFromFrame(frame), during: 'server' });
  }

  #onResync(withinMs: number): void {
    const { schedule, channels, catchUp } = this.#options;
    this.#cancelResync();
    this.#cancelResync = schedule.after(Math.floor(schedule.random() * withinMs), () => catchUp().begin(channels.ids));
  }

  #onChannel(frame: ChannelFrame): void {
    const { channels, list, emitter } = this.#options;
    const { action, channelId } = frame;
    if (action === 'left') {
      list.drop(channelId);
      return;
    }
    if (channels.feed(channelId) === undefined) list.follow(channelId);
    const isNewDm = frame.channel?.kind === 'dm' && channels.info(channelId) === undefined;
    // Who a dm is with is only in the API's answer; whoever fetches a channel also tells about it.
    if (frame.channel !== undefined && !isNewDm) channels.put(frame.channel);
    const info = channels.info(channelId);
    if (info === undefined || (action === 'updated' && frame.channel === undefined)) {
      list.fetch(channelId);
      return;
    }
    emitter.emit('channel', { action, channelId, channel: info });
    emitter.emit('channels', channels.list);
  }

  #moment(): Moment {
    const { schedule, channels } = this.#options;
    const graceMs = GRACE_MS.least + Math.floor(schedule.random() * (GRACE_MS.most - GRACE_MS.least));
    const now = schedule.now();
    // What is asked of it is how long ago something was: a clock that is ahead, here or there, must not make a hole look old.
    return { now, serverNow: Math.min(now, channels.serverNow), graceMs };
  }
}
