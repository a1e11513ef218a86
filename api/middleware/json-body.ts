import type { Request, RequestHandler } from 'express';
import { ChatError } from '../../shared/errors/chat-error.js';

/** Largest body: a sync of a hundred channels with fifty ids each is about 90 KB; before log-in, a name and a password are enough. */
const LIMIT_BYTES = { known: 262_144, unknown: 16_384 } as const;
/** Bytes of bodies that are being read at one time, of all requests: what callers who never finish can take. */
const ALL_BODIES_BYTES = 64 * 1024 * 1024;

/** Bytes of the bodies that are being read. */
export interface HeldBodies {
  bytes: number;
}

/**
 * Reads a JSON body (UTF-8, not compressed: a small body could become a large one) into `request.body`; without one it stays undefined, and the
 * route's schema says what is missing. Express's own parser answers a body that is too large only when all of it has come; this one at once.
 * @throws ChatError UNSUPPORTED_MEDIA_TYPE, TOO_LARGE, BAD_JSON, INVALID_INPUT (the client went away), OVERLOADED (too many are being read).
 */
export function parseJsonBody(sender: keyof typeof LIMIT_BYTES, held: HeldBodies): RequestHandler {
  const limitBytes = LIMIT_BYTES[sender];
  return async (request, response, next) => {
    if (!hasBody(request)) {
      next();
      return;
    }
    refuseOtherTypes(request);
    try {
      request.body = parse(await readBody(request, { limitBytes, held }));
    } catch (error) {
      // What was not read would be taken for the next request.
      if (!request.complete) response.set('Connection', 'close');
      throw error;
    }
    next();
  };
}

function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

function refuseOtherTypes(request: Request): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(request.get('content-type') ?? '')?.[1];
  const isUtf8 = charset === undefined || charset.toLowerCase() === 'utf-8';
  const isPlain = (request.get('content-encoding') ?? 'identity') === 'identity';
  if (!request.is('application/json') || !isUtf8 || !isPlain) throw new ChatError('UNSUPPORTED_MEDIA_TYPE');
}

async function readBody(request: Request, bounds: { readonly limitBytes: number; readonly held: HeldBodies }): Promise<Buffer> {
  const { limitBytes, held } = bounds;
  let bytes = 0;
  const read = new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const refuse = (error: ChatError): void => {
      request.removeAllListeners('data');
      request.pause();
      reject(error);
    };
    const tooLarge = (): void => refuse(new ChatError('TOO_LARGE', { details: { limitBytes } }));
    if (Number(request.get('content-length') ?? 0) > limitBytes) {
      tooLarge();
      return;
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      held.bytes += chunk.length;
      if (bytes > limitBytes) tooLarge();
      else if (held.bytes > ALL_BODIES_BYTES) refuse(new ChatError('OVERLOADED', { details: { retryAfterMs: 500 } }));
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => reject(new ChatError('INVALID_INPUT', { details: { reason: 'the request was cut off' } })));
  });
  return read.finally(() => (held.bytes -= bytes));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The cause is left out: its message quotes the body.
    throw new ChatError('BAD_JSON');
  }
}
