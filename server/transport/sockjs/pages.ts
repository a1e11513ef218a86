import { createHash, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { allowCaching, answerNotFound } from './answers.js';
import { SCRIPT_PATH } from './paths.js';

export interface StaticPage {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
}

/** A page that other origins' pages put into a frame where nothing else crosses origins: it brings the client's own script. */
export function createIframePage(prefix: string): StaticPage {
  const lines = [
    '<!DOCTYPE html>',
    '<html>',
    '<head>',
    '  <meta http-equiv="X-UA-Compatible" content="IE=edge" />',
    '  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />',
    `  <script src="${prefix}${SCRIPT_PATH}"></script>`,
    '  <script>',
    '    document.domain = document.domain;',
    '    SockJS.bootstrap_iframe();',
    '  </script>',
    '</head>',
    '<body>',
    "  <h2>Don't panic!</h2>",
    "  <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>",
    '</body>',
    '</html>',
  ];
  return toPage(Buffer.from(lines.join('\n')), 'text/html; charset=UTF-8');
}

/**
 * The official client's script from its package: from here and no other place, because it runs with this origin's
 * rights. Undefined where the package is not installed.
 */
export function readClientScript(): StaticPage | undefined {
  try {
    const path = createRequire(import.meta.url).resolve('sockjs-client/dist/sockjs.min.js');
    return toPage(readFileSync(path), 'application/javascript; charset=UTF-8');
  } catch {
    return undefined;
  }
}

/** Cached for long; a caller that has it is told so. */
export function answerPage(request: IncomingMessage, response: ServerResponse, page: StaticPage | undefined): void {
  if (page === undefined) {
    answerNotFound(response);
    return;
  }
  allowCaching(response, Date.now());
  response.setHeader('etag', page.etag);
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.headers['if-none-match'] === page.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': page.contentType, 'content-length': page.body.length });
  response.end(page.body);
}

/** What a client asks before it begins: it measures the way by it, too. `baseUrl` is where to go on, when that is known. */
export function describeService(options: { readonly websocket: boolean; readonly baseUrl: string | undefined }): string {
  const { websocket, baseUrl } = options;
  return JSON.stringify({
    websocket,
    origins: ['*:*'],
    cookie_needed: false,
    entropy: randomInt(2 ** 32),
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
  });
}

function toPage(body: Buffer, contentType: string): StaticPage {
  return { body, contentType, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
