import { ChatError } from '../../errors/chat-error.js';
import type { RateLimiter } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

const MAX_KEYS = 100_000;

/** Counts a fixed window per key, which begins with the key's first request. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #options: { readonly points: number; readonly windowMs: number };
  readonly #now: Now;
  readonly #windows: ExpiringMap<string, { used: number; readonly until: number }>;

  constructor(options: { readonly points: number; readonly windowMs: number; readonly now?: Now }) {
    this.#options = options;
    this.#now = options.now ?? monotonicNow;
    this.#windows = new ExpiringMap(MAX_KEYS, this.#now);
  }

  consume(key: string, points = 1): Promise<void> {
    return promised(() => {
      const window = this.#windows.get(key) ?? this.#begin(key);
      window.used += points;
      if (window.used <= this.#options.points) return;
      throw new ChatError('RATE_LIMITED', { details: { retryAfterMs: Math.max(1, Math.ceil(window.until - this.#now())) } });
    });
  }

  #begin(key: string): { used: number; readonly until: number } {
    const window = { used: 0, until: this.#now() + this.#options.windowMs };
    this.#windows.set(key, window, this.#options.windowMs);
    return window;
  }
}
