import { z } from 'zod';
import { channelIdSchema, historyQuery, syncHttpRequest } from '../../shared/protocol/http.js';
import { historyBody, receiptsBody, syncBody } from '../openapi/bodies.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { readHistory, syncChannels } from '../use-cases/read-messages.js';
import { listReceipts } from '../use-cases/read-receipts.js';
import { defineRoute, reply, type Route } from './route.js';

export function messageRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/channels/:channelId/messages',
      tag: 'Messages',
      summary: 'A page of history',
      description:
        'The newest, or those before, after or around an id (at most one of the three). Every acknowledged message is in it at once. ' +
        'A page is cut at about 4 MiB: `more` says whether it goes on, not the number of messages.',
      access: 'caller',
      budget: 'api',
      params: z.object({ channelId: channelIdSchema }),
      query: historyQuery,
      answers: { 200: { description: 'Messages, ascending by id', schema: historyBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN', 'TIMEOUT'],
      handle: async ({ caller, params, query }) => reply(200, await readHistory(deps, caller, { channelId: params.channelId, query })),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/channels/:channelId/receipts',
      tag: 'Messages',
      summary: 'How far the members have got',
      description:
        'Of the members that have got anywhere; each position only moves forward. What changes is told live by `receipts` frames.',
      access: 'caller',
      budget: 'api',
      params: z.object({ channelId: channelIdSchema }),
      answers: { 200: { description: 'One entry a member, by user id', schema: receiptsBody } },
      errors: ['NOT_FOUND', 'FORBIDDEN'],
      handle: async ({ caller, params }) => reply(200, await listReceipts(deps, caller, params.channelId)),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/sync',
      tag: 'Messages',
      summary: 'What has changed in many channels, each after its own event',
      description: 'A channel that the caller may not read is answered with an `error` of its own.',
      access: 'caller',
      budget: 'api',
      body: syncHttpRequest,
      answers: { 200: { description: 'One answer per channel, in the order asked', schema: syncBody } },
      errors: ['TIMEOUT'],
      handle: async ({ caller, body }) => reply(200, { channels: await syncChannels(deps, caller, body) }),
    }),
  ];
}
