import type { ErrorBody } from '../shared/protocol/http.js';
import { errorFromBody, toWarrenError, WarrenError } from './errors.js';
import type { Schedule } from './schedule.js';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, such as `/v1/me`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Bearer token; left out where no login is needed. */
  readonly token?: string;
  /** May be repeated without harm: temporary errors are then retried here. */
  readonly idempotent: boolean;
}

export interface HttpOptions {
  /** Origin (and path prefix) of the API, such as `http://localhost:8080`; '' for the page's own. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly schedule: Schedule;
}

const TIMEOUT_MS = 15_000;
const RETRIES = 3;
const BACKOFF = { baseMs: 250, capMs: 4_000 };
/** A server that asks for a longer pause than this gets its answer handed to the caller. */
const LONGEST_PAUSE_MS = 10_000;

/** One call of the HTTP API: the body of a good answer, or a WarrenError. Temporary errors of idempotent calls are retried, at most 3 times. */
export class Http {
  readonly #options: HttpOptions;
  readonly #running = new Set<AbortController>();
  #closed = false;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async call<Body>(call: Call): Promise<Body> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once<Body>(call);
      } catch (caught) {
        const error = toWarrenError(caught);
        const pauseMs = Math.max(error.retryAfterMs ?? 0, this.#options.schedule.jitter(attempt, BACKOFF));
        if (!call.idempotent || !error.temporary || attempt >= RETRIES || pauseMs > LONGEST_PAUSE_MS || this.#isClosed()) throw error;
        await this.#pause(pauseMs);
      }
    }
  }

  /** Running calls reject with CLOSED. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#running) controller.abort();
  }

  async #once<Body>(call: Call): Promise<Body> {
    if (this.#isClosed()) throw new WarrenError('CLOSED', 'The client is closed');
    const controller = new AbortController();
    this.#running.add(controller);
    const cancel = this.#options.schedule.after(TIMEOUT_MS, () => controller.abort());
    try {
      const response = await this.#options.fetch(this.#url(call), { ...toInit(call), signal: controller.signal });
      return await readAnswer<Body>(response);
    } catch (error) {
      throw this.#isClosed() ? new WarrenError('CLOSED', 'The client is closed') : error;
    } finally {
      cancel();
      this.#running.delete(controller);
    }
  }

  /** Asked again after each wait: it may have changed meanwhile. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #url(call: Call): string {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(key, String(value));
    const text = query.toString();
    return this.#options.baseUrl.replace(/\/+$/, '') + call.path + (text === '' ? '' : `?${text}`);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.schedule.after(ms, resolve));
  }
}

function toInit(call: Call): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.token !== undefined) headers['authorization'] = `Bearer ${call.token}`;
  if (call.body === undefined) return { method: call.method, headers };
  headers['content-type'] = 'application/json';
  return { method: call.method, headers, body: JSON.stringify(call.body) };
}

async function readAnswer<Body>(response: Response): Promise<Body> {
  const body = await readJson(response);
  if (response.ok) return body as Body;
  if (isErrorBody(body)) throw errorFromBody(body, response.status, readRetryAfter(response));
  const temporary = response.status >= 500 || response.status === 429;
  throw new WarrenError('BAD_ANSWER', `The server answered with status ${response.status}`, { status: response.status, temporary });
}

/** A proxy may answer with a page of its own, and 204 has no body. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (!response.ok) return undefined;
    throw new WarrenError('BAD_ANSWER', 'The server answered with something that is not JSON', { status: response.status });
  }
}

function isErrorBody(body: unknown): body is ErrorBody {
  const error = (body as Partial<ErrorBody> | null | undefined)?.error;
  return typeof error === 'object' && typeof (error as Partial<ErrorBody['error']> | null)?.code === 'string';
}

/** Seconds, as HTTP has it; in ms. */
function readRetryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
