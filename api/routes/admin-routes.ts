import { z } from 'zod';
import { eventIdSchema } from '../../shared/protocol/http.js';
import { traceBody } from '../openapi/bodies.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { traceEvent } from '../use-cases/trace-event.js';
import { defineRoute, reply, type Route } from './route.js';

export function adminRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/admin/messages/:messageId/trace',
      tag: 'Administration',
      summary: 'Where a message (or any other event) went',
      description:
        'Steps that the processes still remember, by their clocks: `reserved`, `committed`, `answered`, `sent` to another server, `delivered` to a device, `stored`. Each process remembers about its last 260,000. A message that travelled again has the steps of its second travel under the id of that event.',
      access: 'admin',
      budget: 'api',
      params: z.object({ messageId: eventIdSchema }),
      answers: { 200: { description: 'The steps, oldest first; none when nobody remembers', schema: traceBody } },
      handle: async ({ params }) => reply(200, { steps: await traceEvent(deps, params.messageId) }),
    }),
  ];
}
