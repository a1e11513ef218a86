import type { ChannelId } from '../domain/ids.js';

/**
 * Keeps one channel's events in their order where some of them need a look-up and others do not: who comes while an earlier one
 * waits, waits behind it. Bounded by its callers, which bound what is under way.
 */
export class ChannelLanes {
  readonly #tails = new Map<ChannelId, Promise<void>>();

  /** Something of the channel waits: whoever comes now has to enter. */
  isBusy(channelId: ChannelId): boolean {
    return this.#tails.size > 0 && this.#tails.has(channelId);
  }

  /** Runs the step after those of the channel that have entered before. The step must not reject. */
  enter(channelId: ChannelId, step: () => Promise<void> | undefined): void {
    const before = this.#tails.get(channelId);
    const tail = before === undefined ? Promise.resolve(step()) : before.then(step);
    this.#tails.set(channelId, tail);
    void tail.then(() => {
      if (this.#tails.get(channelId) === tail) this.#tails.delete(channelId);
    });
  }
}
