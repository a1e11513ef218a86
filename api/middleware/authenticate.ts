import type { RequestHandler } from 'express';
import { identify, refuseRevoked } from '../use-cases/authenticate.js';
import type { UseCaseDeps } from '../use-cases/deps.js';
import { contextOf } from './request-context.js';

type Deps = Pick<UseCaseDeps, 'accessTokens' | 'tickets' | 'devices' | 'clock'>;

/** Reads the bearer token: costs no look-up, so it may come before the rate limit, which then counts per user. */
export function identifyCaller(deps: Deps): RequestHandler {
  return (request, _response, next) => {
    contextOf(request).caller = identify(deps, request.get('authorization'));
    next();
  };
}

export function refuseRevokedCaller(deps: Deps): RequestHandler {
  return async (request, _response, next) => {
    const { caller } = contextOf(request);
    if (caller !== undefined) await refuseRevoked(deps, caller);
    next();
  };
}
