import type { RequestHandler } from 'express';

const METHODS = 'GET,HEAD,POST,PUT,PATCH,DELETE';
const REQUEST_HEADERS = 'Authorization,Content-Type,X-Request-Id';
const EXPOSED_HEADERS = 'X-Request-Id,Retry-After';
const PREFLIGHT_SECONDS = '600';

/** Lets pages of the listed origins (exact match) call the API. No credentials: tokens travel in a header, never in a cookie. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.get('origin');
    const known = origin !== undefined && allowed.has(origin);
    if (known) response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED_HEADERS });
    if (request.method !== 'OPTIONS' || request.get('access-control-request-method') === undefined) {
      next();
      return;
    }
    if (known) {
      response.set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': REQUEST_HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      });
    }
    response.status(204).end();
  };
}
