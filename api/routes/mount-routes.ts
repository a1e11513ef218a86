import type { Express, RequestHandler, Response } from 'express';
import type { RateLimiter } from '../../shared/ports/index.js';
import { identifyCaller, refuseRevokedCaller } from '../middleware/authenticate.js';
import { requireAdmin } from '../middleware/require-admin.js';
import { refuseOtherMethods } from '../middleware/errors.js';
import { parseJsonBody, type HeldBodies } from '../middleware/json-body.js';
import { limitRate } from '../middleware/rate-limit.js';
import { contextOf } from '../middleware/request-context.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { namesCaller, type Budget, type Reply, type Route } from './route.js';

export type RateLimits = Readonly<Record<Exclude<Budget, 'none'>, RateLimiter>>;

interface MountOptions {
  readonly deps: Pick<UseCaseDeps, 'accessTokens' | 'tickets' | 'devices' | 'clock'>;
  readonly rateLimits: RateLimits;
  /** '' lets no administrator in. */
  readonly adminToken: string;
}

/** Serves the routes; a path that has some answers every other method with METHOD_NOT_ALLOWED. */
export function mountRoutes(app: Express, routes: readonly Route[], options: MountOptions): void {
  const held = { bytes: 0 };
  for (const route of routes) app[route.method](route.path, ...chainOf(route, { ...options, held }));
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, nameRoute(path), refuseOtherMethods(methodsOf(routes, path)));
  }
}

/** Cheap checks first: the body is read only of those who may send one. */
function chainOf(route: Route, { deps, rateLimits, adminToken, held }: MountOptions & { readonly held: HeldBodies }): RequestHandler[] {
  return [
    nameRoute(route.path),
    ...(namesCaller(route.access) ? [identifyCaller(deps)] : []),
    ...(route.budget === 'none' ? [] : [limitRate(rateLimits[route.budget])]),
    ...(route.access === 'admin' ? [requireAdmin(adminToken)] : []),
    ...(route.access === 'caller' ? [refuseRevokedCaller(deps)] : []),
    ...(route.body === undefined ? [] : [parseJsonBody(route.access === 'public' ? 'unknown' : 'known', held)]),
    answer(route),
  ];
}

function nameRoute(path: string): RequestHandler {
  return (request, _response, next) => {
    contextOf(request).route = path;
    next();
  };
}

function answer(route: Route): RequestHandler {
  return async (request, response) => {
    const { caller } = contextOf(request);
    const body: unknown = request.body;
    const reply = await route.run({ params: request.params, query: request.query, body, caller });
    send(response, reply);
  };
}

function send(response: Response, { status, body, content }: Reply): void {
  response.status(status).set('Cache-Control', 'no-store');
  if (content !== undefined) response.type(content.type).send(typeof content.data === 'string' ? content.data : Buffer.from(content.data));
  else if (body !== undefined) response.json(body);
  else response.end();
}

function methodsOf(routes: readonly Route[], path: string): string[] {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  return methods.includes('GET') ? ['HEAD', ...methods] : methods;
}
