import type { ChannelId, EventId, IdClock } from '../domain/ids.js';
import type { MessageStore, Sequencer } from '../ports/index.js';
import { TurnCalls } from './turn-calls.js';

/** What the clocks of a cluster differ by while its data is lost, at most; ms. Far more than NTP leaves, and nobody sees it in a message's time. */
const SKEW_MS = 1_000;
/** Look-ups under way at a time: a store that hangs makes each wait for its time limit, and they do so side by side. */
const LOOKUPS = 8;
/** Channels of one look-up, and those that wait for theirs. */
const MAX_CHANNELS = 200;
const MAX_WAITING = 20_000;

interface SeederDeps {
  readonly messages: Pick<MessageStore, 'lastEventIds'>;
  readonly sequencer: Pick<Sequencer, 'advance'>;
  readonly ids: IdClock;
}

/**
 * Tells the sequencer about channels that it has no memory of (never used, idle for long, or lost): their last id comes
 * from the store, or is what the clocks can have made until now if that is larger: the store may be behind what was acknowledged, or away, and an
 * id below one that devices have passed would be missed by them. This node's clock moves past it. The first event after it has no `prev`, so devices sync.
 */
export class ChannelSeeder {
  readonly #deps: SeederDeps;
  readonly #calls: TurnCalls<ChannelId, undefined>;

  constructor(deps: SeederDeps) {
    this.#deps = deps;
    this.#calls = new TurnCalls({
      call: (ids) => this.#seedAll(ids),
      concurrency: LOOKUPS,
      maxItems: MAX_CHANNELS,
      maxWaiting: MAX_WAITING,
    });
  }

  /** What a turn asks for is one look-up and one call. Rejects when the sequencer is away, or with OVERLOADED. */
  seed(channelId: ChannelId): Promise<void> {
    return this.#calls.ask(channelId);
  }

  async #seedAll(channelIds: readonly ChannelId[]): Promise<undefined[]> {
    const { messages, sequencer, ids } = this.#deps;
    const last = await messages.lastEventIds(channelIds).catch(() => []);
    for (const id of last) ids.observe(id);
    // Taken after the store's: it is larger.
    const now = ids.leap(SKEW_MS) as EventId;
    await sequencer.advance(channelIds.map((channelId) => ({ channelId, id: now })));
    return channelIds.map(() => undefined);
  }
}
