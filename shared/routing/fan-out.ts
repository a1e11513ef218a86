import type { ServerId, SessionId, UserId } from '../domain/ids.js';
import type { BusPublisher, Clock, Counter, Metrics } from '../ports/index.js';
import { joinLines } from '../protocol/lines.js';
import type { Delivery } from '../protocol/envelope.js';
import { WorkBytes } from '../protocol/work-bytes.js';
import type { RoutingCaches } from './routing-caches.js';
import { Recipients } from './recipients.js';
import { ServerOutbox } from './server-outbox.js';
import { TurnBatcher } from './turn-batcher.js';

export interface FanOutOptions {
  readonly caches: RoutingCaches;
  readonly publisher: Pick<BusPublisher, 'deliver' | 'notify'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** This process's own sessions, when it has any: they are served without the broker. */
  readonly local?: { readonly serverId: ServerId; readonly deliver: (delivery: Delivery) => void };
}

/** A frame for users, wherever their sessions are. */
export interface Outgoing {
  readonly userIds: readonly UserId[];
  readonly exceptSession: SessionId | '';
  readonly payload: Uint8Array;
  /** The offline are told by push; false for ephemeral frames. */
  readonly durable: boolean;
}

/**
 * Sends frames to users: looks up which servers hold them and queues one delivery per server. The caller has refreshed
 * the caches after the event was appended.
 */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #outboxes = new Map<ServerId, ServerOutbox>();
  readonly #envelopes = new WorkBytes();
  readonly #notifications: TurnBatcher<Uint8Array>;
  readonly #counters: Record<'dropped' | 'rerouted' | 'offline', Counter>;

  constructor(options: FanOutOptions) {
    this.#options = options;
    const counter = (name: string, help: string): Counter => options.metrics.counter(`warren_deliveries_${name}_total`, help);
    this.#counters = {
      dropped: counter('dropped', 'Deliveries given up; the devices find the gap by prev'),
      rerouted: counter('rerouted', 'Deliveries looked up again because their server was gone'),
      offline: counter('offline', 'Recipients without any session'),
    };
    this.#notifications = new TurnBatcher({
      flush: (batch) => this.#notify(batch),
      concurrency: 1,
      maxItems: 500,
      maxSize: 512 * 1024,
      sizeOf: (payload) => payload.length,
      maxWaitingItems: 20_000,
      maxWaitingSize: 16 * 1024 * 1024,
    });
  }

  /** Undefined when the frame is on its way; else resolves when it is, after a look-up. Never rejects. */
  send(outgoing: Outgoing): Promise<void> | undefined {
    const { routes } = this.#options.caches;
    const recipients = new Recipients();
    for (const userId of outgoing.userIds) {
      const known = routes.peek(userId);
      if (known === undefined) return this.#sendAfterLookup(outgoing);
      recipients.add(userId, known);
    }
    this.#dispatch(outgoing, recipients, false);
    return undefined;
  }

  /** Deliveries that came back or outlived their server's queue: looked up once more, then left to push and resume. */
  reroute(deliveries: readonly Delivery[], failed: ServerId | undefined): void {
    for (const { recipients, exceptSession, payload, rerouted, ephemeral } of deliveries) {
      this.#counters.rerouted.inc();
      if (!rerouted) this.#redirect({ userIds: recipients, exceptSession, payload, durable: !ephemeral }, failed);
      else if (!ephemeral) this.#tellNotifier(recipients, payload);
    }
  }

  #redirect(outgoing: Outgoing, failed: ServerId | undefined): void {
    const without = (servers: readonly ServerId[]): readonly ServerId[] => servers.filter((id) => id !== failed);
    this.#options.caches.lookupRoutes(outgoing.userIds).then(
      (servers) => this.#dispatch(outgoing, Recipients.of(outgoing.userIds, servers.map(without)), true),
      () => this.#counters.dropped.inc(),
    );
  }

  get idle(): boolean {
    return this.#notifications.idle && [...this.#outboxes.values()].every((outbox) => outbox.idle);
  }

  #sendAfterLookup(outgoing: Outgoing): Promise<void> {
    return this.#options.caches.routes.getMany(outgoing.userIds).then(
      (servers) => this.#dispatch(outgoing, Recipients.of(outgoing.userIds, servers), false),
      () => this.#counters.dropped.inc(),
    );
  }

  #dispatch(outgoing: Outgoing, { groups, offline }: Recipients, rerouted: boolean): void {
    const { exceptSession, payload } = outgoing;
    for (let group = groups; group !== undefined; group = group.next) {
      const { serverId, userIds } = group;
      const delivery = { recipients: userIds, exceptSession, payload, rerouted, ephemeral: !outgoing.durable };
      if (serverId === this.#options.local?.serverId) this.#options.local.deliver(delivery);
      else {
        this.#options.metrics.flight.noteIn('sent', payload, serverId);
        this.#outboxOf(serverId).add(delivery);
      }
    }
    if (offline !== undefined && outgoing.durable) this.#tellNotifier(offline, payload);
  }

  #outboxOf(serverId: ServerId): ServerOutbox {
    const known = this.#outboxes.get(serverId);
    if (known !== undefined) return known;
    this.#forgetIdleOutboxes();
    const { publisher, clock } = this.#options;
    const outbox = new ServerOutbox({
      serverId,
      publisher,
      clock,
      place: this.#envelopes,
      onUnroutable: (deliveries) => this.reroute(deliveries, serverId),
      onDropped: (deliveries) => this.#counters.dropped.inc(deliveries.length),
    });
    this.#outboxes.set(serverId, outbox);
    return outbox;
  }

  /** Server ids come and go over the years; only a bounded number is remembered. */
  #forgetIdleOutboxes(): void {
    if (this.#outboxes.size < 1_000) return;
    for (const [id, outbox] of this.#outboxes) if (outbox.idle) this.#outboxes.delete(id);
  }

  #tellNotifier(userIds: readonly UserId[], payload: Uint8Array): void {
    this.#counters.offline.inc(userIds.length);
    const head = Buffer.from(`{"userIds":${JSON.stringify(userIds)},"event":`);
    if (!this.#notifications.add(Buffer.concat([head, payload, Buffer.from('}')]))) this.#counters.dropped.inc();
  }

  async #notify(batch: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#options.publisher.notify(joinLines(batch));
    } catch {
      this.#counters.dropped.inc(batch.length);
    }
  }
}
