import type { ChatError } from '../../../shared/errors/chat-error.js';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import type { ClosingWord } from '../connection.js';
import type { ServerStompFrame } from './encode.js';

/** The last frame of a connection: `code` is one of the table of errors, the body says it in JSON. */
export function errorFrame(error: ChatError, receiptId?: string): ServerStompFrame {
  const { code, message, temporary, details = {} } = error;
  const { reason, retryAfterMs } = details;
  return {
    command: 'ERROR',
    headers: {
      code,
      message: typeof reason === 'string' ? `${message}: ${reason}` : message,
      temporary: String(temporary),
      'retry-after-ms': typeof retryAfterMs === 'number' ? String(retryAfterMs) : undefined,
      // What a client could have agreed on.
      version: code === 'UNSUPPORTED_VERSION' ? '1.0,1.1,1.2' : undefined,
      'receipt-id': receiptId,
      'content-type': 'application/json;charset=utf-8',
    },
    body: JSON.stringify({ code, message, temporary, details }),
  };
}

/** For a close that the session decided on: its name stands in `code`. */
export function closingFrame(word: ClosingWord): ServerStompFrame {
  const [name] = Object.entries(CLOSE_CODES).find(([, { code }]) => code === word.code) ?? ['CLOSED'];
  return { command: 'ERROR', headers: { code: name, message: word.reason, temporary: String(word.code < 4500) } };
}
