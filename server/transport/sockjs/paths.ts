/** The session transports that SockJS knows, as they are named in a URL. */
export const SESSION_TRANSPORTS = [
  'websocket',
  'xhr',
  'xhr_send',
  'xhr_streaming',
  'eventsource',
  'htmlfile',
  'jsonp',
  'jsonp_send',
] as const;
export type SessionTransport = (typeof SESSION_TRANSPORTS)[number];

export type SockJsRoute =
  | { readonly kind: 'greeting' | 'info' | 'iframe' | 'script' | 'raw-websocket' | 'nothing' }
  | { readonly kind: 'session'; readonly sessionId: string; readonly transport: SessionTransport };

const IFRAME = /^\/iframe[0-9a-z._-]*\.html$/;
/** `/<server>/<session>/<transport>`: any text without dots and slashes, of a bounded length. */
const SESSION = /^\/[^/.]{1,128}\/([^/.]{1,128})\/([a-z_]{3,16})$/;
export const SCRIPT_PATH = '/client/sockjs.min.js';
const FIXED: Readonly<Record<string, Exclude<SockJsRoute['kind'], 'session'>>> = {
  '': 'greeting',
  '/': 'greeting',
  '/info': 'info',
  '/websocket': 'raw-websocket',
  [SCRIPT_PATH]: 'script',
};

/** What lies at a path below the prefix; the server part of a session's path means nothing. */
export function routeOf(path: string): SockJsRoute {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined;
  if (fixed !== undefined) return { kind: fixed };
  if (IFRAME.test(path)) return { kind: 'iframe' };
  const [, sessionId, name] = SESSION.exec(path) ?? [];
  const transport = SESSION_TRANSPORTS.find((known) => known === name);
  return sessionId === undefined || transport === undefined ? { kind: 'nothing' } : { kind: 'session', sessionId, transport };
}

/** The method that a session's transport is asked with. */
export function methodOf(transport: SessionTransport): 'GET' | 'POST' {
  return transport.startsWith('xhr') || transport === 'jsonp_send' ? 'POST' : 'GET';
}
