import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../ports/index.js';

/** A named check of something that the process needs; rejects with the reason when it is not there. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<void>;
}

export type OpsHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const CHECK_MS = 2_000;

/** `/healthz` (the process answers), `/readyz` (it can do its work: 200 or 503 with the reasons) and `/metrics`. */
export function createOpsHandler(options: { readonly metrics: Metrics; readonly checks: readonly ReadinessCheck[] }): OpsHandler {
  return async (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, { status: 405, body: 'method not allowed\n' });
    else if (path === '/healthz') answer(response, { status: 200, body: 'ok\n' });
    else if (path === '/readyz') {
      const failed = await runChecks(options.checks);
      answer(response, { status: failed.length === 0 ? 200 : 503, body: failed.length === 0 ? 'ready\n' : `${failed.join('\n')}\n` });
    } else if (path === '/metrics') answer(response, { status: 200, body: await options.metrics.render() });
    else answer(response, { status: 404, body: 'not found\n' });
  };
}

/** The checks that failed or took too long, as `name: reason`. */
export async function runChecks(checks: readonly ReadinessCheck[]): Promise<string[]> {
  const outcomes = await Promise.all(checks.map((check) => describeFailure(check)));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function describeFailure(readiness: ReadinessCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${CHECK_MS} ms`)), CHECK_MS);
  });
  try {
    await Promise.race([readiness.check(), late]);
    return undefined;
  } catch (error) {
    return `${readiness.name}: ${error instanceof Error ? error.message : 'failed'}`;
  } finally {
    clearTimeout(timer);
  }
}

function answer(response: ServerResponse, content: { readonly status: number; readonly body: string }): void {
  response.writeHead(content.status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(content.body);
}
