import type { IncomingMessage } from 'node:http';

/** The peer's address: the last hop of X-Forwarded-For where the peer itself is a local proxy, else the socket's. */
export function clientAddress(request: IncomingMessage): string {
  const peer = request.socket.remoteAddress ?? 'unknown';
  const forwarded = request.headers['x-forwarded-for'];
  if (!isPrivate(peer) || typeof forwarded !== 'string') return peer;
  return forwarded.split(',').at(-1)?.trim() ?? peer;
}

function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(plain) || /^f[cd]/i.test(plain);
}
