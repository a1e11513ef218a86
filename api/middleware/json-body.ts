import express, { type RequestHandler } from 'express';
import { ChatError } from '../../shared/errors/chat-error.js';

/** Largest body: a sync of a hundred channels with fifty ids each is about 90 KB; before log-in, a name and a password are enough. */
const LIMIT_BYTES = { known: 262_144, unknown: 16_384 } as const;

/** Parses a JSON body. Nothing compressed: a small body could become a large one. Without a body, the route's schema says what is missing. */
export function parseJsonBody(sender: keyof typeof LIMIT_BYTES): RequestHandler[] {
  return [refuseOtherTypes, express.json({ limit: LIMIT_BYTES[sender], inflate: false, type: () => true })];
}

const refuseOtherTypes: RequestHandler = (request, _response, next) => {
  const hasBody = request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
  if (hasBody && !request.is('application/json')) throw new ChatError('UNSUPPORTED_MEDIA_TYPE');
  next();
};
