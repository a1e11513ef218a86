import { NO_EVENT, type ChannelId, type IdClock } from '../domain/ids.js';
import type { MessageStore, Sequencer } from '../ports/index.js';

/**
 * Tells the sequencer about channels that it has no memory of (never used, idle for long, or lost): their last id comes
 * from the store, and this node's clock moves past it. With the store away, ids go on from the clock alone: the clocks
 * of a cluster are past every id they have made, and devices sync when a `prev` is unknown to them. That of the first event after it is: the store may be behind.
 */
export class ChannelSeeder {
  readonly #deps: { readonly messages: Pick<MessageStore, 'lastEventId'>; readonly sequencer: Sequencer; readonly ids: IdClock };

  constructor(deps: { readonly messages: Pick<MessageStore, 'lastEventId'>; readonly sequencer: Sequencer; readonly ids: IdClock }) {
    this.#deps = deps;
  }

  /** Rejects when the sequencer is away. */
  async seed(channelId: ChannelId): Promise<void> {
    const { messages, sequencer, ids } = this.#deps;
    const last = await messages.lastEventId(channelId).catch(() => NO_EVENT);
    ids.observe(last);
    await sequencer.advance([{ channelId, id: last }]);
  }
}
