/**
 * WebSocket close codes. 4000 to 4499: reconnect (with back-off) and resume. 4500 to 4999: do not reconnect by
 * yourself; something must change first. RFC 6455 section 7.4.2 leaves 4000 to 4999 to applications.
 */
export const CLOSE_CODES = {
  DRAINING: { code: 4000, reason: 'server is shutting down' },
  SLOW_CONSUMER: { code: 4001, reason: 'connection did not read fast enough' },
  HEARTBEAT_TIMEOUT: { code: 4002, reason: 'no heartbeat in time' },
  OVERLOADED: { code: 4003, reason: 'server is overloaded' },
  UNAVAILABLE: { code: 4004, reason: 'a dependency is not reachable' },
  TOKEN_EXPIRED: { code: 4005, reason: 'access token has expired; refresh it and reconnect' },
  REPLACED: { code: 4006, reason: 'too many connections of this device; the oldest was closed' },
  INTERNAL: { code: 4007, reason: 'internal error' },
  SESSION_LOST: { code: 4008, reason: 'the server of this session is gone' },
  CONNECT_TIMEOUT: { code: 4009, reason: 'no connect frame in time' },
  UNAUTHENTICATED: { code: 4500, reason: 'not authenticated' },
  SESSION_REVOKED: { code: 4502, reason: 'this device has been logged out' },
  PROTOCOL_ERROR: { code: 4503, reason: 'malformed or unexpected frame' },
  TOO_LARGE: { code: 4504, reason: 'frame is larger than the limit' },
  UNSUPPORTED_VERSION: { code: 4505, reason: 'protocol version is not supported' },
} as const;

export type CloseReason = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];

/** Whether a client should reconnect after a close with this code; codes below 4000 are the network's: yes. */
export function mayReconnect(code: number): boolean {
  return code < 4500;
}
