import type { ChannelId, ClientId, EventId, MessageId, TeamId, UserId } from '../shared/domain/ids.js';
import type { PresenceStatus } from '../shared/protocol/frames.js';
import type { ChannelInfo } from './channels.js';
import type { ConnectionState } from './connection-state.js';
import type { WarrenError } from './errors.js';
import type { Receipt } from '../shared/domain/model.js';
import type { TimelineMessage } from './timeline-entry.js';

/** What a client tells: `client.on(name, listener)`. */
export interface ClientEvents {
  connection: ConnectionState;
  /** New in its channel: from somebody else, or from another device of this user. Once for each message. */
  message: { readonly channelId: ChannelId; readonly message: TimelineMessage };
  messageUpdated: { readonly channelId: ChannelId; readonly message: TimelineMessage };
  /** `client.timeline(channelId)` has changed in any way. */
  timeline: { readonly channelId: ChannelId };
  /** Somebody has got further in a channel: a member, or this user on any device. `client.receipts(channelId)` has all of them. */
  receipt: { readonly channelId: ChannelId; readonly receipt: Receipt };
  /** This user's list of channels has changed. */
  channels: readonly ChannelInfo[];
  channel: {
    readonly action: 'joined' | 'left' | 'updated' | 'members';
    readonly channelId: ChannelId;
    readonly channel?: ChannelInfo | undefined;
  };
  /** What has changed of who is online in a watched team. With `ended` it is not watched any more: this user may not, or there is none. */
  presence: {
    readonly teamId: TeamId;
    readonly users: readonly { readonly userId: UserId; readonly status: PresenceStatus }[];
    readonly ended?: WarrenError | undefined;
  };
  /** A command of this client is durable. */
  sent: { readonly channelId: ChannelId; readonly clientId: ClientId; readonly id: EventId; readonly messageId: MessageId };
  /** A command of this client was refused for good. */
  failed: { readonly channelId: ChannelId; readonly clientId: ClientId; readonly error: WarrenError };
  /** After a (re)connect: everything that was missed is here. */
  caughtUp: { readonly serverId: string };
  /** The server has ended this device's login; `client.logIn` begins anew. */
  loggedOut: { readonly error: WarrenError };
  /** Something went wrong that nobody awaits; the client goes on. */
  error: { readonly error: WarrenError; readonly during: 'frame' | 'storage' | 'listing' | 'server' };
}
