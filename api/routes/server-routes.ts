import { serversQuery } from '../../shared/protocol/http.js';
import { serversBody } from '../openapi/bodies.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { offerServers } from '../use-cases/offer-servers.js';
import { defineRoute, reply, type Route } from './route.js';

export function serverRoutes(deps: UseCaseDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/servers',
      tag: 'Sessions',
      summary: 'The chat servers to connect to, best first',
      description: 'The one named by `prefer` comes first as long as it is healthy.',
      access: 'caller',
      budget: 'api',
      query: serversQuery,
      answers: { 200: { description: 'The best server and up to two spares', schema: serversBody } },
      errors: ['NO_SERVER'],
      handle: async ({ query }) => reply(200, { servers: await offerServers(deps, query) }),
    }),
  ];
}
