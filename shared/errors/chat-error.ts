import { ERROR_CODES, type ErrorCode } from './codes.js';

export interface ChatErrorOptions {
  /** Facts for the caller: `field`, `reason`, `retryAfterMs`, `limit`. Never a token, never a body. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The only error that crosses a port or reaches a client; edges translate it in one place each. */
export class ChatError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: ChatErrorOptions = {}) {
    super(ERROR_CODES[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ChatError';
    this.code = code;
    this.details = options.details;
  }

  get temporary(): boolean {
    return ERROR_CODES[this.code].temporary;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}

/** Anything thrown, as a ChatError: unknown errors become INTERNAL with their cause kept for the log. */
export function toChatError(error: unknown): ChatError {
  return error instanceof ChatError ? error : new ChatError('INTERNAL', { cause: error });
}
