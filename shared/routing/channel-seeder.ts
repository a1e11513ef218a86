import { NO_EVENT, type ChannelId, type EventId, type IdClock } from '../domain/ids.js';
import type { MessageStore, Sequencer } from '../ports/index.js';

/** What the clocks of a cluster differ by while its data is lost, at most; ms. Far more than NTP leaves, and nobody sees it in a message's time. */
const SKEW_MS = 1_000;

/**
 * Tells the sequencer about channels that it has no memory of (never used, idle for long, or lost): their last id comes
 * from the store, or is what the clocks can have made until now if that is larger: the store may be behind what was acknowledged, or away, and an
 * id below one that devices have passed would be missed by them. This node's clock moves past it. The first event after it has no `prev`, so devices sync.
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
    // Taken after the store's: it is larger.
    await sequencer.advance([{ channelId, id: ids.leap(SKEW_MS) as EventId }]);
  }
}
