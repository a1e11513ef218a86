import type { z } from 'zod';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { ErrorCode } from '../../shared/errors/codes.js';
import type { Caller } from '../use-cases/deps.js';

/**
 * A route is declared once: Express serves it, and the OpenAPI document describes it, from the same object. A handler
 * gets what the schemas let through, calls a use case, and says what to answer.
 */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who may call: anybody; the owner of a live access token; or also one whose device was logged out meanwhile; the holder of ADMIN_TOKEN. */
export type Access = 'public' | 'caller' | 'former-caller' | 'admin';

/** Those that have a caller. */
export function namesCaller(access: Access): access is 'caller' | 'former-caller' {
  return access === 'caller' || access === 'former-caller';
}

/** Which budget a request is taken from: per user where the caller is known, else per client address. */
export type Budget = 'signUp' | 'logInPerAddress' | 'api' | 'none';

export interface Reply {
  readonly status: number;
  /** Sent as JSON; nothing is sent without it and without `content`. */
  readonly body?: unknown;
  readonly content?: { readonly type: string; readonly data: string | Uint8Array };
}

export interface DocumentedAnswer {
  readonly description: string;
  /** JSON of this shape. */
  readonly schema?: z.ZodType;
  /** Or content of this type. */
  readonly type?: string;
}

interface RouteHead {
  readonly method: Method;
  /** Express's form, such as `/v1/teams/:teamId`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly budget: Budget;
  readonly answers: Readonly<Record<number, DocumentedAnswer>>;
  /** Beyond those that follow from the rest: see errorsOf in api/openapi. */
  readonly errors?: readonly ErrorCode[];
}

interface RouteInput<P, Q, B, C> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: C;
}

interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends Access> extends RouteHead {
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  handle(input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, A extends 'public' | 'admin' ? undefined : Caller>): Promise<Reply>;
}

/** A declared route, its types erased. */
export interface Route extends RouteHead {
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  /** Validates, then handles. @throws ChatError INVALID_INPUT naming the first bad field, and what the use case throws. */
  run(input: RouteInput<unknown, unknown, unknown, Caller | undefined>): Promise<Reply>;
}

export function defineRoute<
  A extends Access,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, A>): Route {
  return {
    ...spec,
    params: spec.params,
    query: spec.query,
    body: spec.body,
    async run(input) {
      const params = parse(spec.params, input.params);
      const query = parse(spec.query, input.query);
      const body = parse(spec.body, input.body);
      if (namesCaller(spec.access) && input.caller === undefined) throw new ChatError('UNAUTHENTICATED');
      const caller = input.caller as A extends 'public' | 'admin' ? undefined : Caller;
      return spec.handle({ params, query, body, caller });
    },
  };
}

export function reply(status: number, body?: unknown): Reply {
  return body === undefined ? { status } : { status, body };
}

function parse<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S> {
  if (schema === undefined) return undefined as z.output<S>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.');
  const details = { ...(field ? { field } : {}), reason: issue?.message ?? 'not valid' };
  throw new ChatError('INVALID_INPUT', { details });
}
