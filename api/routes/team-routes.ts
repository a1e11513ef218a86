import { z } from 'zod';
import {
  channelPageQuery,
  createChannelRequest,
  createTeamRequest,
  memberPageQuery,
  putTeamMemberRequest,
  teamIdSchema,
  userIdSchema,
} from '../../shared/protocol/http.js';
import { channelBody, channelListBody, teamBody, teamListBody, teamMemberBody, teamMembersBody } from '../openapi/bodies.js';
import { createTeamChannel } from '../use-cases/create-channel.js';
import { createTeam } from '../use-cases/create-team.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { putTeamMember } from '../use-cases/put-team-member.js';
import { listTeamChannels } from '../use-cases/read-channels.js';
import { getTeam, listTeamMembers, listTeams } from '../use-cases/read-teams.js';
import { removeTeamMember } from '../use-cases/remove-team-member.js';
import { defineRoute, reply, type Route } from './route.js';

const TEAM = z.object({ teamId: teamIdSchema });
const TEAM_MEMBER = z.object({ teamId: teamIdSchema, userId: userIdSchema });

export function teamRoutes(deps: UseCaseDeps): Route[] {
  return [...teamsThemselves(deps), ...teamMembers(deps), ...teamChannels(deps)];
}

function teamsThemselves(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/teams',
      tag: 'Teams',
      summary: 'Create a team',
      access: 'caller',
      budget: 'api',
      body: createTeamRequest,
      answers: { 201: { description: 'The new team; the caller owns it', schema: teamBody } },
      errors: ['CONFLICT'],
      handle: async ({ caller, body }) => reply(201, { team: await createTeam(deps, caller, body) }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/teams',
      tag: 'Teams',
      summary: 'The caller’s teams',
      access: 'caller',
      budget: 'api',
      answers: { 200: { description: 'Each with the caller’s role', schema: teamListBody } },
      handle: async ({ caller }) => reply(200, { teams: await listTeams(deps, caller) }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/teams/:teamId',
      tag: 'Teams',
      summary: 'A team',
      access: 'caller',
      budget: 'api',
      params: TEAM,
      answers: { 200: { description: 'The team, with the caller’s role', schema: teamBody } },
      errors: ['NOT_FOUND'],
      handle: async ({ caller, params }) => reply(200, { team: await getTeam(deps, caller, params.teamId) }),
    }),
  ];
}

function teamMembers(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/teams/:teamId/members',
      tag: 'Teams',
      summary: 'Who is in a team',
      description: 'A page by user id. Guests may not.',
      access: 'caller',
      budget: 'api',
      params: TEAM,
      query: memberPageQuery,
      answers: { 200: { description: 'A page of members', schema: teamMembersBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN'],
      handle: async ({ caller, params, query }) => reply(200, await listTeamMembers(deps, caller, { ...params, ...query })),
    }),
    defineRoute({
      method: 'put',
      path: '/v1/teams/:teamId/members/:userId',
      tag: 'Teams',
      summary: 'Add somebody to a team or change their role',
      description: 'Owners may do everything; admins add, change and remove members and guests. The last owner cannot be demoted.',
      access: 'caller',
      budget: 'api',
      params: TEAM_MEMBER,
      body: putTeamMemberRequest,
      answers: { 200: { description: 'The member', schema: teamMemberBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN'],
      handle: async ({ caller, params, body }) => reply(200, { member: await putTeamMember(deps, caller, { ...params, ...body }) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/teams/:teamId/members/:userId',
      tag: 'Teams',
      summary: 'Remove somebody from a team and its channels, or leave it',
      access: 'caller',
      budget: 'api',
      params: TEAM_MEMBER,
      answers: { 204: { description: 'Not in the team any more' } },
      errors: ['NOT_FOUND', 'FORBIDDEN'],
      handle: async ({ caller, params }) => {
        await removeTeamMember(deps, caller, params);
        return reply(204);
      },
    }),
  ];
}

function teamChannels(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/teams/:teamId/channels',
      tag: 'Channels',
      summary: 'Create a channel in a team',
      description: 'Everybody in `userIds` has to be in the team. Guests may not create channels.',
      access: 'caller',
      budget: 'api',
      params: TEAM,
      body: createChannelRequest,
      answers: { 201: { description: 'The new channel; the caller owns it', schema: channelBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'CHANNEL_FULL'],
      handle: async ({ caller, params, body }) => reply(201, { channel: await createTeamChannel(deps, caller, { ...params, ...body }) }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/teams/:teamId/channels',
      tag: 'Channels',
      summary: 'The public channels of a team',
      description: 'A page by name. A guest gets those they are in.',
      access: 'caller',
      budget: 'api',
      params: TEAM,
      query: channelPageQuery,
      answers: { 200: { description: 'A page of channels', schema: channelListBody } },
      errors: ['NOT_FOUND'],
      handle: async ({ caller, params, query }) => reply(200, await listTeamChannels(deps, caller, { ...params, ...query })),
    }),
  ];
}
