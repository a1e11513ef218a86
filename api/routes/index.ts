import { adminRoutes } from './admin-routes.js';
import { describeRoutes, type OpenApiDocument } from '../openapi/document.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { channelRoutes } from './channel-routes.js';
import { memberRoutes } from './member-routes.js';
import { messageRoutes } from './message-routes.js';
import type { Route } from './route.js';
import { serverRoutes } from './server-routes.js';
import { sessionRoutes } from './session-routes.js';
import { systemRoutes, type SystemDeps } from './system-routes.js';
import { teamRoutes } from './team-routes.js';
import { userRoutes } from './user-routes.js';

/** Every route of the API, in the order in which they are documented and matched. */
export function createRoutes(deps: UseCaseDeps & Omit<SystemDeps, 'describe'>): readonly Route[] {
  let document: OpenApiDocument | undefined;
  const routes: readonly Route[] = [
    ...userRoutes(deps),
    ...sessionRoutes(deps),
    ...serverRoutes(deps),
    ...teamRoutes(deps),
    ...channelRoutes(deps),
    ...memberRoutes(deps),
    ...messageRoutes(deps),
    ...adminRoutes(deps),
    ...systemRoutes({ ...deps, describe: () => (document ??= describeRoutes(routes)) }),
  ];
  return routes;
}
