import { isIPv6 } from 'node:net';
import type { RequestHandler } from 'express';
import type { RateLimiter } from '../../shared/ports/index.js';
import { contextOf } from './request-context.js';

/** Takes one point from the caller's budget, or from their address's where nobody is logged in. */
export function limitRate(limiter: RateLimiter): RequestHandler {
  return async (request, _response, next) => {
    const { caller } = contextOf(request);
    await limiter.consume(caller === undefined ? `ip:${addressBlock(request.ip ?? '')}` : `user:${caller.userId}`);
    next();
  };
}

/** An IPv6 customer holds a /64 at least: its first four groups count as one address. */
export function addressBlock(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
