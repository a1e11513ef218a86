import { CLOSE_CODES, type CloseReason } from '../protocol/close-codes.js';
import type { ChatError } from './chat-error.js';

/** The one place that turns an error into the close of the connection that it ends. */
export function closeReasonOf(error: ChatError): CloseReason {
  switch (error.code) {
    case 'TOKEN_EXPIRED':
      return CLOSE_CODES.TOKEN_EXPIRED;
    case 'SESSION_REVOKED':
      return CLOSE_CODES.SESSION_REVOKED;
    case 'UNSUPPORTED_VERSION':
      return CLOSE_CODES.UNSUPPORTED_VERSION;
    case 'UNAUTHENTICATED':
    case 'TOKEN_INVALID':
      return CLOSE_CODES.UNAUTHENTICATED;
    case 'TOO_LARGE':
      return CLOSE_CODES.TOO_LARGE;
    case 'SLOW_CONSUMER':
      return CLOSE_CODES.SLOW_CONSUMER;
    case 'DRAINING':
      return CLOSE_CODES.DRAINING;
    case 'OVERLOADED':
    case 'RATE_LIMITED':
      return CLOSE_CODES.OVERLOADED;
    case 'UNAVAILABLE':
    case 'TIMEOUT':
      return CLOSE_CODES.UNAVAILABLE;
    case 'INTERNAL':
      return CLOSE_CODES.INTERNAL;
    default:
      return CLOSE_CODES.PROTOCOL_ERROR;
  }
}
