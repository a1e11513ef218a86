import { z } from 'zod';
import { channelIdSchema, createDmRequest, createGroupRequest, updateChannelRequest } from '../../shared/protocol/http.js';
import { channelBody, channelListBody } from '../openapi/bodies.js';
import { createGroup, openDm } from '../use-cases/create-channel.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { getChannel } from '../use-cases/read-channels.js';
import { listMyChannels } from '../use-cases/read-receipts.js';
import { updateChannel } from '../use-cases/update-channel.js';
import { defineRoute, reply, type Route } from './route.js';

const CHANNEL = z.object({ channelId: channelIdSchema });

export function channelRoutes(deps: UseCaseDeps): Route[] {
  return [...newConversations(deps), ...channelsThemselves(deps)];
}

function newConversations(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/dms',
      tag: 'Channels',
      summary: 'The direct conversation with somebody',
      description: 'There is one per pair; it is made when it is missing. With oneself, it is for notes.',
      access: 'caller',
      budget: 'api',
      body: createDmRequest,
      answers: {
        200: { description: 'It existed', schema: channelBody },
        201: { description: 'It is new', schema: channelBody },
      },
      handle: async ({ caller, body }) => {
        const { channel, created } = await openDm(deps, caller, body.userId);
        return reply(created ? 201 : 200, { channel });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/groups',
      tag: 'Channels',
      summary: 'Start a group conversation',
      access: 'caller',
      budget: 'api',
      body: createGroupRequest,
      answers: { 201: { description: 'The new group', schema: channelBody } },
      errors: ['CHANNEL_FULL'],
      handle: async ({ caller, body }) => reply(201, { channel: await createGroup(deps, caller, body) }),
    }),
  ];
}

function channelsThemselves(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/channels',
      tag: 'Channels',
      summary: 'Every channel the caller is in',
      description: 'With `read`: up to which event the caller has read it, on any device.',
      access: 'caller',
      budget: 'api',
      answers: { 200: { description: 'Newest first, at most 1,000', schema: channelListBody } },
      handle: async ({ caller }) => reply(200, await listMyChannels(deps, caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/channels/:channelId',
      tag: 'Channels',
      summary: 'A channel the caller is in, or could join',
      access: 'caller',
      budget: 'api',
      params: CHANNEL,
      answers: { 200: { description: 'The channel', schema: channelBody } },
      errors: ['NOT_FOUND'],
      handle: async ({ caller, params }) => reply(200, { channel: await getChannel(deps, caller, params.channelId) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/v1/channels/:channelId',
      tag: 'Channels',
      summary: 'Change the name or the topic',
      description: 'The topic is for every member but guests; the name for the channel’s owner and the team’s owners and admins.',
      access: 'caller',
      budget: 'api',
      params: CHANNEL,
      body: updateChannelRequest,
      answers: { 200: { description: 'The channel, changed', schema: channelBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
      handle: async ({ caller, params, body }) => reply(200, { channel: await updateChannel(deps, caller, { ...params, ...body }) }),
    }),
  ];
}
