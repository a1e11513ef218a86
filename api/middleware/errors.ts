import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ChatError, toChatError } from '../../shared/errors/chat-error.js';
import type { Logger } from '../../shared/ports/index.js';
import type { ErrorBody } from '../../shared/protocol/http.js';
import { contextOf } from './request-context.js';

/** The one place where errors become HTTP answers. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = translate(thrown);
    logFailure(logger, error, request);
    // Half an answer is out: Express cuts the connection, so that nobody takes it for a whole one.
    if (response.headersSent) next(thrown);
    else send(response, error, contextOf(request).requestId);
  };
}

/** No route has this path. */
export const refuseUnknownPath: RequestHandler = () => {
  throw new ChatError('NOT_FOUND');
};

/** The path has routes, but none for this method. */
export function refuseOtherMethods(allowed: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed.join(', '));
    if (request.method !== 'OPTIONS') throw new ChatError('METHOD_NOT_ALLOWED', { details: { allowed } });
    response.status(204).end();
  };
}

function send(response: Response, error: ChatError, requestId: string): void {
  const { field, ...details } = error.details ?? {};
  const body: ErrorBody = {
    error: {
      code: error.code,
      message: error.message,
      temporary: error.temporary,
      ...(typeof field === 'string' ? { field } : {}),
      ...(Object.keys(details).length === 0 ? {} : { details }),
      requestId,
    },
  };
  const retryAfterMs = error.details?.['retryAfterMs'];
  if (typeof retryAfterMs === 'number') response.set('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (error.status === 401) response.set('WWW-Authenticate', 'Bearer');
  response.set('Cache-Control', 'no-store').status(error.status).json(body);
}

/** A client's mistakes are in the access log; what is away may come back; the rest is for an operator. */
function logFailure(logger: Logger, error: ChatError, request: Request): void {
  const { requestId, route } = contextOf(request);
  const fields = { requestId, route, code: error.code, error };
  if (error.code === 'INTERNAL') logger.error(fields, 'request failed');
  else if (error.status >= 500) logger.warn(fields, 'request could not be served');
}

function translate(thrown: unknown): ChatError {
  // The router could not decode a parameter of the path.
  if (thrown instanceof URIError) return new ChatError('INVALID_INPUT', { details: { reason: 'the path is not well-formed' } });
  return toChatError(thrown);
}
