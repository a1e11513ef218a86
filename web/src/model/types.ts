import type { Api, Channel } from '../../../client/mod.js';
import { LIMITS } from '../../../shared/protocol/limits.js';

export type {
  ChannelId,
  ChannelInfo,
  ChannelMember,
  ConnectionState,
  MessageId,
  Receipt,
  TeamId,
  TimelineMessage,
  User,
  UserId,
} from '../../../client/mod.js';

export type ChannelKind = Channel['kind'];
/** A team with this user's role in it. */
export type TeamInfo = Awaited<ReturnType<Api['listTeams']>>['teams'][number];

/** An installation may have set others: the API has the last word. */
export const CHANNEL_MEMBERS = LIMITS.channelMembers;
export const CONTENT_CHARS = LIMITS.contentChars;
