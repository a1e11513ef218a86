/**
 * The one table of errors. `status` is the HTTP status; `temporary` says that the same request may succeed later
 * unchanged (the SDK retries those by itself). docs/reference/errors.md is generated from it and diffed by a test.
 */
interface ErrorEntry {
  readonly message: string;
  readonly status: number;
  readonly temporary: boolean;
}

export const ERROR_CODES = {
  BAD_JSON: { message: 'The body or frame is not valid JSON', status: 400, temporary: false },
  INVALID_INPUT: { message: 'A field is missing or has an invalid value', status: 400, temporary: false },
  UNKNOWN_FRAME: { message: 'The frame type is not known', status: 400, temporary: false },
  UNSUPPORTED_VERSION: { message: 'The protocol version is not supported', status: 400, temporary: false },
  UNAUTHENTICATED: { message: 'Authentication is required', status: 401, temporary: false },
  BAD_CREDENTIALS: { message: 'The user name or the password is wrong', status: 401, temporary: false },
  TOKEN_EXPIRED: { message: 'The access token has expired', status: 401, temporary: false },
  TOKEN_INVALID: { message: 'The token or ticket is not valid', status: 401, temporary: false },
  TOKEN_REUSED: { message: 'The refresh token was used before; every token of its device is revoked', status: 401, temporary: false },
  SESSION_REVOKED: { message: 'This device has been logged out', status: 401, temporary: false },
  FORBIDDEN: { message: 'You may not do this', status: 403, temporary: false },
  NOT_FOUND: { message: 'There is no such thing, or you may not see it', status: 404, temporary: false },
  METHOD_NOT_ALLOWED: { message: 'The path does not support this method', status: 405, temporary: false },
  CONFLICT: { message: 'It exists already', status: 409, temporary: false },
  USERNAME_TAKEN: { message: 'The user name is taken', status: 409, temporary: false },
  CHANNEL_FULL: { message: 'The channel has as many members as it may have', status: 409, temporary: false },
  MESSAGE_DELETED: { message: 'The message has been deleted', status: 410, temporary: false },
  TOO_LARGE: { message: 'The body, frame or field is larger than the limit', status: 413, temporary: false },
  UNSUPPORTED_MEDIA_TYPE: { message: 'The content type must be application/json', status: 415, temporary: false },
  RATE_LIMITED: { message: 'Too many requests; try again after the given time', status: 429, temporary: true },
  SLOW_CONSUMER: { message: 'The connection did not read fast enough; reconnect and resume', status: 429, temporary: true },
  INTERNAL: { message: 'Something went wrong on the server', status: 500, temporary: true },
  OVERLOADED: { message: 'The server is overloaded; try again', status: 503, temporary: true },
  UNAVAILABLE: { message: 'A service that this needs is not reachable right now; try again', status: 503, temporary: true },
  DRAINING: { message: 'The server is shutting down; reconnect to another one', status: 503, temporary: true },
  NO_SERVER: { message: 'No chat server is available right now', status: 503, temporary: true },
  TIMEOUT: {
    message: 'It took too long; it may or may not have happened, so repeat it with the same clientId',
    status: 504,
    temporary: true,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
