import { z } from 'zod';
import { addMembersRequest, channelIdSchema, userIdSchema } from '../../shared/protocol/http.js';
import { channelBody, membersBody } from '../openapi/bodies.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { addMembers, joinChannel } from '../use-cases/join-channel.js';
import { leaveChannel, removeMember } from '../use-cases/leave-channel.js';
import { listMembers } from '../use-cases/read-channels.js';
import { defineRoute, reply, type Route } from './route.js';

const CHANNEL = z.object({ channelId: channelIdSchema });
const GONE = { 204: { description: 'Not in the channel any more: nothing sent from now on arrives' } };

export function memberRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/channels/:channelId/join',
      tag: 'Members',
      summary: 'Enter a public channel of one’s team',
      access: 'caller',
      budget: 'api',
      params: CHANNEL,
      answers: { 200: { description: 'The channel', schema: channelBody } },
      errors: ['NOT_FOUND', 'CHANNEL_FULL'],
      handle: async ({ caller, params }) => reply(200, { channel: await joinChannel(deps, caller, params.channelId) }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/channels/:channelId/leave',
      tag: 'Members',
      summary: 'Leave a channel',
      description: 'Leaving what one is not in is no error. A direct conversation cannot be left.',
      access: 'caller',
      budget: 'api',
      params: CHANNEL,
      answers: GONE,
      errors: ['FORBIDDEN'],
      handle: async ({ caller, params }) => {
        await leaveChannel(deps, caller, params.channelId);
        return reply(204);
      },
    }),
    ...othersRoutes(deps),
  ];
}

function othersRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/channels/:channelId/members',
      tag: 'Members',
      summary: 'Who is in a channel',
      access: 'caller',
      budget: 'api',
      params: CHANNEL,
      answers: { 200: { description: 'All members', schema: membersBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN'],
      handle: async ({ caller, params }) => reply(200, { members: await listMembers(deps, caller, params.channelId) }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/channels/:channelId/members',
      tag: 'Members',
      summary: 'Bring others into a channel or group',
      description: 'For every member but guests. Either everybody is added or, with an error, nobody.',
      access: 'caller',
      budget: 'api',
      params: CHANNEL,
      body: addMembersRequest,
      answers: { 200: { description: 'All members', schema: membersBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN', 'CHANNEL_FULL'],
      handle: async ({ caller, params, body }) => reply(200, { members: await addMembers(deps, caller, { ...params, ...body }) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/channels/:channelId/members/:userId',
      tag: 'Members',
      summary: 'Remove somebody from a channel or group',
      description: 'For its owner and the team’s owners and admins; with one’s own id, the same as leaving.',
      access: 'caller',
      budget: 'api',
      params: CHANNEL.extend({ userId: userIdSchema }),
      answers: GONE,
      errors: ['NOT_FOUND', 'FORBIDDEN'],
      handle: async ({ caller, params }) => {
        await removeMember(deps, caller, params);
        return reply(204);
      },
    }),
  ];
}
