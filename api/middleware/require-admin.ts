import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ChatError } from '../../shared/errors/chat-error.js';

/** Lets in who holds the administrators' token (ADMIN_TOKEN), as a bearer token. It comes after the rate limit, so that it cannot be guessed. */
export function requireAdmin(adminToken: string): RequestHandler {
  return (request, _response, next) => {
    const given = /^bearer +(\S+)$/i.exec(request.get('authorization')?.trim() ?? '')?.[1];
    if (given === undefined) throw new ChatError('UNAUTHENTICATED');
    if (adminToken === '' || !timingSafeEqual(digest(given), digest(adminToken))) throw new ChatError('FORBIDDEN');
    next();
  };
}

/** Of one length, which comparing in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
