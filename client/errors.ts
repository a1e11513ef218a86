import type { ErrorBody } from '../shared/protocol/http.js';
import type { ErrorFrame } from '../shared/protocol/frames.js';

export interface WarrenErrorOptions {
  /** HTTP status, 0 when the error did not come from the HTTP API. */
  readonly status?: number;
  /** The same request may succeed later, unchanged. */
  readonly temporary?: boolean;
  /** The first bad field, as a path such as `userIds.3`. */
  readonly field?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The only error the SDK throws or rejects with. `code` is one of docs/reference/errors.md, or one that is born here:
 * NETWORK (no answer), BAD_ANSWER (an answer that is not ours), OUTBOX_FULL, TIMELINE_FULL, NOT_LOGGED_IN, DISCARDED, CLOSED.
 */
export class WarrenError extends Error {
  readonly code: string;
  readonly status: number;
  readonly temporary: boolean;
  readonly field: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: WarrenErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WarrenError';
    this.code = code;
    this.status = options.status ?? 0;
    this.temporary = options.temporary ?? false;
    this.field = options.field;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs ?? readRetryAfter(options.details);
  }
}

export function errorFromFrame(frame: ErrorFrame): WarrenError {
  const { temporary, details, retryAfterMs } = frame;
  return new WarrenError(frame.code, frame.message, { temporary, details, retryAfterMs, field: readField(details) });
}

export function errorFromBody(body: ErrorBody, status: number, retryAfterMs?: number): WarrenError {
  const { code, message, temporary, field, details } = body.error;
  return new WarrenError(code, message, { status, temporary, field, details, retryAfterMs });
}

/** Anything thrown, as a WarrenError: what is not one already means that no answer came. */
export function toWarrenError(error: unknown): WarrenError {
  if (error instanceof WarrenError) return error;
  return new WarrenError('NETWORK', 'The server could not be reached', { temporary: true, cause: error });
}

function readRetryAfter(details: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const value = details?.['retryAfterMs'];
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function readField(details: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = details?.['field'];
  return typeof value === 'string' ? value : undefined;
}
