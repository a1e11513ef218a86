import type { Request, RequestHandler, Response } from 'express';
import type { Clock, Logger, Metrics } from '../../shared/ports/index.js';
import { contextOf } from './request-context.js';

const BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
/** Asked every few seconds by machines. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

interface Deps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** One line and one observation per request, by route template: never the path, a query, a header or a body. */
export function logAccess(deps: Deps): RequestHandler {
  return (request, response, next) => {
    response.once('close', () => record(deps, request, response));
    next();
  };
}

function record({ clock, logger, metrics }: Deps, request: Request, response: Response): void {
  const { requestId, startedAt, route, caller } = contextOf(request);
  const ms = Math.round((clock.monotonic() - startedAt) * 10) / 10;
  const { method } = request;
  // A client that went away before the answer was out is nobody's failure.
  const status = response.writableFinished ? response.statusCode : 499;
  const labels = { method: knownMethod(method), route, status: String(status) };
  metrics.histogram('warren_http_request_seconds', 'Time to answer an HTTP request', BUCKETS_S, labels).observe(ms / 1000);
  const fields = { method, route, status, ms, requestId, ...(caller === undefined ? {} : { userId: caller.userId }) };
  if (QUIET.has(route)) logger.debug(fields, 'request answered');
  else logger.info(fields, 'request answered');
}

/** Labels must stay few: node's parser takes some thirty methods. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'OTHER';
}
