import type { input } from 'zod';
import type * as http from '../shared/protocol/http.js';

/** Bodies and queries as a caller writes them: the input side of the schemas in shared/protocol/http.ts. Types only: no schema is bundled. */
export type SignUpRequest = input<typeof http.signUpRequest>;
export type LogInRequest = input<typeof http.logInRequest>;
export type UpdateMeRequest = input<typeof http.updateMeRequest>;
export type ListUsersQuery = input<typeof http.listUsersQuery>;
export type CreateTeamRequest = input<typeof http.createTeamRequest>;
export type PutTeamMemberRequest = input<typeof http.putTeamMemberRequest>;
export type CreateChannelRequest = input<typeof http.createChannelRequest>;
export type CreateGroupRequest = input<typeof http.createGroupRequest>;
export type UpdateChannelRequest = input<typeof http.updateChannelRequest>;
export type MemberPageQuery = input<typeof http.memberPageQuery>;
export type ChannelPageQuery = input<typeof http.channelPageQuery>;
export type HistoryQuery = input<typeof http.historyQuery>;
export type SyncHttpRequest = input<typeof http.syncHttpRequest>;
