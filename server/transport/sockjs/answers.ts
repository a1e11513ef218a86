import type { IncomingMessage, ServerResponse } from 'node:http';

const YEAR_S = 31_536_000;

/** What every answer with content of a session carries: it is nobody else's, and never the same twice. */
export function forbidCaching(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store, no-cache, no-transform, must-revalidate, max-age=0');
  response.setHeader('x-content-type-options', 'nosniff');
  // Some proxies look at this one only.
  response.setHeader('x-accel-buffering', 'no');
}

export function allowCaching(response: ServerResponse, now: number): void {
  response.setHeader('cache-control', `public, max-age=${YEAR_S}`);
  response.setHeader('expires', new Date(now + YEAR_S * 1_000).toUTCString());
}

/** The caller's origin has been checked: pages of it may read the answer. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  response.setHeader('access-control-allow-origin', origin ?? '*');
  response.setHeader('vary', 'Origin');
  if (origin !== undefined) response.setHeader('access-control-allow-credentials', 'true');
  const asked = request.headers['access-control-request-headers'];
  if (asked !== undefined && /^[\w\s,-]+$/.test(asked)) response.setHeader('access-control-allow-headers', asked);
}

export function answerPreflight(response: ServerResponse, options: { readonly method: string; readonly now: number }): void {
  allowCaching(response, options.now);
  response.setHeader('access-control-max-age', String(YEAR_S));
  response.setHeader('access-control-allow-methods', `OPTIONS, ${options.method}`);
  response.writeHead(204).end();
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=UTF-8', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export function refuseMethod(response: ServerResponse, allowed: string): void {
  response.writeHead(405, { allow: allowed, 'content-length': 0 }).end();
}

export function answerNotFound(response: ServerResponse): void {
  answerText(response, 404, '404 Error: Page not found\n');
}
