import type { ChannelId, SessionId } from '../domain/ids.js';
import type { Counter, Metrics } from '../ports/index.js';
import { ChannelLanes } from './channel-lanes.js';
import type { FanOut } from './fan-out.js';
import type { Held } from './near-cache.js';
import type { ChannelMembers, RoutingCaches } from './routing-caches.js';

export interface RoutedEvent {
  readonly channelId: ChannelId;
  /** The session that got an ack in place of the event. */
  readonly originSession: SessionId | '';
  /** What the cache knew of its channel before, if anything. */
  readonly members?: Held<ChannelMembers> | undefined;
  readonly bytes: Uint8Array;
}

/** Appended events to their channel's members, in the order of each channel. */
export class EventRouter {
  readonly #caches: RoutingCaches;
  readonly #fanOut: FanOut;
  readonly #lanes = new ChannelLanes();
  readonly #dropped: Counter;

  constructor(deps: { readonly caches: RoutingCaches; readonly fanOut: FanOut; readonly metrics: Metrics }) {
    this.#caches = deps.caches;
    this.#fanOut = deps.fanOut;
    this.#dropped = deps.metrics.counter('warren_deliveries_dropped_total', 'Deliveries given up; the devices find the gap by prev');
  }

  /** The caller has refreshed the caches after the event was appended. */
  route(event: RoutedEvent): void {
    const { channelId, members } = event;
    const known = this.#lanes.isBusy(channelId) ? undefined : this.#caches.membersNow(channelId, members);
    if (known === undefined) {
      this.#lanes.enter(channelId, () => this.#routeAfterLookup(event));
      return;
    }
    const lookingUp = this.#send(event, known);
    if (lookingUp !== undefined) this.#lanes.enter(channelId, () => lookingUp);
  }

  async #routeAfterLookup(event: RoutedEvent): Promise<void> {
    try {
      await this.#send(event, await this.#caches.members.get(event.channelId));
    } catch {
      this.#dropped.inc();
    }
  }

  #send({ originSession, bytes }: RoutedEvent, members: ChannelMembers): Promise<void> | undefined {
    return this.#fanOut.send({ userIds: members.userIds, exceptSession: originSession, payload: bytes, durable: true });
  }
}
