import type { ChannelId, ClientId, DeviceId, EventId, MessageId, TeamId, UserId } from './ids.js';

/** People and places. Times are ISO 8601 in UTC with milliseconds. */

export interface User {
  readonly id: UserId;
  /** Unique, lower case: `^[a-z0-9][a-z0-9._-]{1,31}$`. */
  readonly username: string;
  readonly displayName: string;
  readonly locale: string;
  readonly createdAt: string;
}

export type TeamRole = 'owner' | 'admin' | 'member' | 'guest';

export interface Team {
  readonly id: TeamId;
  readonly name: string;
  /** Unique, lower case, part of links. */
  readonly slug: string;
  readonly createdBy: UserId;
  readonly createdAt: string;
}

export interface TeamMember {
  readonly userId: UserId;
  readonly role: TeamRole;
  readonly joinedAt: string;
}

/** `public` and `private` channels belong to a team; a `dm` is the one channel of a pair; a `group` is ad hoc. */
export type ChannelKind = 'public' | 'private' | 'dm' | 'group';

export interface Channel {
  readonly id: ChannelId;
  readonly kind: ChannelKind;
  readonly teamId: TeamId | null;
  /** Empty for a dm. */
  readonly name: string;
  readonly topic: string;
  readonly createdBy: UserId;
  readonly createdAt: string;
}

export interface ChannelMember {
  readonly userId: UserId;
  readonly role: 'owner' | 'member';
  readonly joinedAt: string;
}

/**
 * How far a user has got in a channel, on any device: everything up to `delivered` has come, everything up to `read` has been looked
 * at. Both only move forward, and what is read is delivered. Empty for "nothing yet".
 */
export interface Receipt {
  readonly userId: UserId;
  readonly delivered: EventId;
  readonly read: EventId;
}

/** One login of a user: a phone, a browser, a terminal. Its id is the session id of its tokens. */
export interface Device {
  readonly id: DeviceId;
  readonly userId: UserId;
  readonly name: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly users: readonly UserId[];
}

export interface Attachment {
  readonly type: 'image' | 'file';
  readonly url: string;
  readonly name: string;
  readonly bytes: number;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** A message as history returns it: its state after every event about it up to `updatedId`. */
export interface Message {
  readonly id: MessageId;
  /** The event before this message's first event in its channel; empty when that is not known. */
  readonly prev: EventId;
  /** The newest event that changed this message; equals `id` for an untouched one. Cursors move along `updatedId`. */
  readonly updatedId: EventId;
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly clientId: ClientId;
  readonly createdAt: string;
  /** Empty when deleted or voided. */
  readonly content: string;
  readonly mentions: readonly string[];
  readonly edited: boolean;
  /** The edit whose content it shows: edits of two servers may be stored in either order, and the one with the larger id counts. */
  readonly editedId?: EventId | undefined;
  readonly deleted: boolean;
  /** The same (sender, clientId) had been stored under another id, which is the message: devices drop this one. */
  readonly voided: boolean;
  readonly parentId?: MessageId | undefined;
  readonly reactions: readonly Reaction[];
  readonly comments?: { readonly count: number; readonly last: CommentSummary } | undefined;
  readonly attachments: readonly Attachment[];
}

export interface CommentSummary {
  readonly id: MessageId;
  readonly senderId: UserId;
  readonly content: string;
  readonly createdAt: string;
}
