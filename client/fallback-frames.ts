/** What a SockJS server says in one frame. */
export type SockJsFrame =
  | { readonly kind: 'open' | 'heartbeat' | 'unknown' }
  | { readonly kind: 'messages'; readonly messages: readonly string[] }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** Anything that is not a frame is passed over: the beginning of a stream, for example. */
export function parseSockJsFrame(line: string): SockJsFrame {
  if (line === 'o') return { kind: 'open' };
  if (line === 'h') return { kind: 'heartbeat' };
  const content = parseArray(line.slice(1));
  if (line.startsWith('a')) return { kind: 'messages', messages: content.filter((item) => typeof item === 'string') };
  const [code, reason] = content;
  if (line.startsWith('c') && typeof code === 'number') return { kind: 'close', code, reason: typeof reason === 'string' ? reason : '' };
  return { kind: 'unknown' };
}

function parseArray(text: string): readonly unknown[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : [];
  } catch {
    return [];
  }
}

/** The SockJS session that belongs to a WebSocket address: the same host, the same server, HTTP. */
export function fallbackUrl(webSocketUrl: string, sessionId: string): (transport: string) => string {
  const url = new URL(webSocketUrl.replace(/^ws/, 'http'));
  const base = url.pathname.replace(/\/ws\/?$/, '/sockjs');
  // The server's name comes second in the path, for whoever reads a gateway's log; it means nothing to the server.
  const server = /^[a-z0-9-]+$/.exec(url.searchParams.get('server') ?? '')?.[0] ?? '000';
  return (transport) => `${url.origin}${base}/${server}/${sessionId}/${transport}${url.search}`;
}
