import type { Api, Channel } from '../../../client/mod.js';

export type {
  ChannelId,
  ChannelInfo,
  ChannelMember,
  ConnectionState,
  MessageId,
  TeamId,
  TimelineMessage,
  User,
  UserId,
} from '../../../client/mod.js';

export type ChannelKind = Channel['kind'];
/** A team with this user's role in it. */
export type TeamInfo = Awaited<ReturnType<Api['listTeams']>>['teams'][number];

/** Members of a group or channel by default; the API has the last word. */
export const CHANNEL_MEMBERS = 100;
/** Characters of a message; the API has the last word. */
export const CONTENT_CHARS = 100_000;
