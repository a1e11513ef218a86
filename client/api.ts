import type { User } from '../shared/domain/model.js';
import type {
  ChannelBody,
  ChannelListBody,
  DevicesBody,
  HistoryBody,
  MembersBody,
  ReceiptsBody,
  ServersBody,
  SessionBody,
  SyncBody,
  TeamBody,
  TeamListBody,
  TeamMemberBody,
  TeamMembersBody,
  TicketBody,
  UserBody,
  UserListBody,
} from '../shared/protocol/http.js';
import { WarrenError } from './errors.js';
import type { Call, Http } from './http.js';
import type * as requests from './requests.js';
import type { Session } from './session.js';

/** Repeating these POSTs does no harm: they only read, or make what is the same the second time. */
const HARMLESS = { idempotent: true } as const;

type CallRest = Omit<Call, 'method' | 'path' | 'token' | 'idempotent'> & { readonly idempotent?: boolean };

/** The HTTP API, one method a route. Every method rejects with WarrenError; the access token is refreshed as needed. */
export class Api {
  readonly #http: Http;
  readonly #session: Session;

  constructor(http: Http, session: Session) {
    this.#http = http;
    this.#session = session;
  }

  signUp(body: requests.SignUpRequest): Promise<UserBody> {
    return this.#http.call({ method: 'POST', path: '/v1/users', body, idempotent: false });
  }

  /** Only the call; `client.logIn` also keeps the session. */
  logIn(body: requests.LogInRequest): Promise<SessionBody> {
    return this.#http.call({ method: 'POST', path: '/v1/sessions', body, idempotent: false });
  }

  listDevices(): Promise<DevicesBody> {
    return this.#call('GET', '/v1/sessions');
  }

  /** Logs this device out. */
  endSession(): Promise<void> {
    return this.#call('DELETE', '/v1/sessions/current');
  }

  endAllSessions(): Promise<void> {
    return this.#call('DELETE', '/v1/sessions');
  }

  endDevice(deviceId: string): Promise<void> {
    return this.#call('DELETE', `/v1/sessions/${deviceId}`);
  }

  createTicket(): Promise<TicketBody> {
    return this.#call('POST', '/v1/tickets', HARMLESS);
  }

  listServers(query: { readonly region?: string | undefined; readonly prefer?: string | undefined } = {}): Promise<ServersBody> {
    return this.#call('GET', '/v1/servers', { query });
  }

  me(): Promise<UserBody> {
    return this.#call('GET', '/v1/me');
  }

  updateMe(body: requests.UpdateMeRequest): Promise<UserBody> {
    return this.#call('PATCH', '/v1/me', { body });
  }

  listUsers(query: Omit<requests.ListUsersQuery, 'ids' | 'limit'> & { readonly limit?: number } = {}): Promise<UserListBody> {
    return this.#call('GET', '/v1/users', { query });
  }

  /** At most 100 ids; those that do not exist are left out. */
  async getUsers(ids: readonly string[]): Promise<readonly User[]> {
    const body = await this.#call<UserListBody>('GET', '/v1/users', { query: { ids: ids.join(',') } });
    return body.users;
  }

  createTeam(body: requests.CreateTeamRequest): Promise<TeamBody> {
    return this.#call('POST', '/v1/teams', { body });
  }

  listTeams(): Promise<TeamListBody> {
    return this.#call('GET', '/v1/teams');
  }

  getTeam(teamId: string): Promise<TeamBody> {
    return this.#call('GET', `/v1/teams/${teamId}`);
  }

  listTeamMembers(teamId: string, query: { readonly after?: string; readonly limit?: number } = {}): Promise<TeamMembersBody> {
    return this.#call('GET', `/v1/teams/${teamId}/members`, { query });
  }

  putTeamMember(teamId: string, userId: string, body: requests.PutTeamMemberRequest): Promise<TeamMemberBody> {
    return this.#call('PUT', `/v1/teams/${teamId}/members/${userId}`, { body });
  }

  removeTeamMember(teamId: string, userId: string): Promise<void> {
    return this.#call('DELETE', `/v1/teams/${teamId}/members/${userId}`);
  }

  createChannel(teamId: string, body: requests.CreateChannelRequest): Promise<ChannelBody> {
    return this.#call('POST', `/v1/teams/${teamId}/channels`, { body });
  }

  listTeamChannels(teamId: string, query: { readonly cursor?: string; readonly limit?: number } = {}): Promise<ChannelListBody> {
    return this.#call('GET', `/v1/teams/${teamId}/channels`, { query });
  }

  /** The one channel of this pair; the same again when it exists. */
  createDm(userId: string): Promise<ChannelBody> {
    return this.#call('POST', '/v1/dms', { body: { userId }, ...HARMLESS });
  }

  createGroup(body: requests.CreateGroupRequest): Promise<ChannelBody> {
    return this.#call('POST', '/v1/groups', { body });
  }

  /** The channels this user is a member of. */
  listChannels(): Promise<ChannelListBody> {
    return this.#call('GET', '/v1/channels');
  }

  getChannel(channelId: string): Promise<ChannelBody> {
    return this.#call('GET', `/v1/channels/${channelId}`);
  }

  updateChannel(channelId: string, body: requests.UpdateChannelRequest): Promise<ChannelBody> {
    return this.#call('PATCH', `/v1/channels/${channelId}`, { body });
  }

  joinChannel(channelId: string): Promise<ChannelBody> {
    return this.#call('POST', `/v1/channels/${channelId}/join`, HARMLESS);
  }

  leaveChannel(channelId: string): Promise<void> {
    return this.#call('POST', `/v1/channels/${channelId}/leave`, HARMLESS);
  }

  listMembers(channelId: string): Promise<MembersBody> {
    return this.#call('GET', `/v1/channels/${channelId}/members`);
  }

  /** How far the members have got. */
  listReceipts(channelId: string): Promise<ReceiptsBody> {
    return this.#call('GET', `/v1/channels/${channelId}/receipts`);
  }

  addMembers(channelId: string, userIds: readonly string[]): Promise<MembersBody> {
    return this.#call('POST', `/v1/channels/${channelId}/members`, { body: { userIds }, ...HARMLESS });
  }

  removeMember(channelId: string, userId: string): Promise<void> {
    return this.#call('DELETE', `/v1/channels/${channelId}/members/${userId}`);
  }

  history(channelId: string, query: Omit<requests.HistoryQuery, 'limit'> & { readonly limit?: number } = {}): Promise<HistoryBody> {
    return this.#call('GET', `/v1/channels/${channelId}/messages`, { query });
  }

  sync(body: requests.SyncHttpRequest): Promise<SyncBody> {
    return this.#call('POST', '/v1/sync', { body, ...HARMLESS });
  }

  async #call<Body>(method: Call['method'], path: string, rest: CallRest = {}): Promise<Body> {
    const idempotent = rest.idempotent ?? method !== 'POST';
    const token = await this.#session.token();
    try {
      return await this.#http.call<Body>({ ...rest, method, path, token, idempotent });
    } catch (error) {
      if (error instanceof WarrenError && error.code === 'SESSION_REVOKED') this.#session.revoke(error);
      if (!(error instanceof WarrenError) || error.code !== 'TOKEN_EXPIRED') throw error;
      const fresh = await this.#session.refresh(token);
      return this.#http.call<Body>({ ...rest, method, path, token: fresh, idempotent });
    }
  }
}
