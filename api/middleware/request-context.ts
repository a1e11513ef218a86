import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Clock } from '../../shared/ports/index.js';
import type { Caller } from '../use-cases/deps.js';

/** What is known about a request on its way through. */
export interface RequestContext {
  readonly requestId: string;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** The template of the route that took it: a bounded set, so that metrics may carry it. */
  route: string;
  caller: Caller | undefined;
}

const GIVEN_ID = /^[A-Za-z0-9._-]{1,64}$/;
const contexts = new WeakMap<Request, RequestContext>();

/** Takes the gateway's X-Request-Id, or makes one; the answer carries it. */
export function startContext(clock: Clock): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && GIVEN_ID.test(given) ? given : randomUUID();
    contexts.set(request, { requestId, startedAt: clock.monotonic(), route: 'unmatched', caller: undefined });
    response.set('X-Request-Id', requestId);
    next();
  };
}

export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('request without a context');
  return context;
}
