import type { UserId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';

/** Users whose budget is remembered; of more, the one who was met first is forgotten, which refills it. */
const MAX_USERS = 50_000;
const BURST_SECONDS = 5;

/** A token bucket per user: `perSecond` commands sustained, bursts of five times as many. `now` is monotonic, in ms. */
export class SendBudget {
  readonly #perSecond: number;
  readonly #buckets = new Map<UserId, { tokens: number; at: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @throws ChatError RATE_LIMITED with `retryAfterMs`. */
  take(userId: UserId, now: number): void {
    const capacity = this.#perSecond * BURST_SECONDS;
    const bucket = this.#buckets.get(userId) ?? this.#add(userId, { tokens: capacity, at: now });
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) {
      throw new ChatError('RATE_LIMITED', { details: { retryAfterMs: Math.ceil(((1 - bucket.tokens) / this.#perSecond) * 1000) } });
    }
    bucket.tokens -= 1;
  }

  #add(userId: UserId, bucket: { tokens: number; at: number }): { tokens: number; at: number } {
    if (this.#buckets.size >= MAX_USERS) this.#buckets.delete(this.#buckets.keys().next().value as UserId);
    this.#buckets.set(userId, bucket);
    return bucket;
  }
}
