import type { ServerId } from '../domain/ids.js';

/**
 * The message bus, in two ports because publishing and consuming use two connections: a broker under alarm stops
 * reading a publisher's connection, and must not stop deliveries with it.
 *
 * Every method may reject with ChatError UNAVAILABLE (no connection, or the confirm did not come in time) or
 * OVERLOADED (the bounded buffer of unconfirmed publishes is full, or the broker refused: its queue is full).
 * Bytes that are handed over are the caller's again as soon as the call has returned, before its promise is settled.
 */
export interface BusPublisher {
  /** False while a commit would be refused or would hang, because the broker is away or has an alarm: better not to begin one. */
  readonly accepting: boolean;
  /**
   * Durable. Resolves after the broker has confirmed that a quorum of the partition's queue holds the batch.
   * A rejection means "not known": the batch may still be stored. One partition keeps the order of its commits.
   */
  commit(partition: number, batch: Uint8Array): Promise<void>;
  /**
   * Transient, to the queue of one server. Resolves `true` when the broker took it into that queue, `false` when it
   * came back unroutable (no such queue). Order per server is kept.
   */
  deliver(serverId: ServerId, envelope: Uint8Array): Promise<boolean>;
  /** Durable, to the notifier. */
  notify(batch: Uint8Array): Promise<void>;
  /** To every live process that consumes control messages; best effort, at most once each. */
  control(message: ControlMessage): Promise<void>;
}

/** What caches and sessions must hear at once. A discriminated union: add a member, never a field's second meaning. */
export type ControlMessage =
  | {
      readonly type: 'revoke';
      /** Devices that were logged out: their sessions are closed with SESSION_REVOKED. */
      readonly deviceIds: readonly string[];
      /** Answered by every server through {@link Confirmations}. */
      readonly confirmation: string;
    }
  /** What do you know of this event? Answered through {@link TraceReports}. */
  | { readonly type: 'trace'; readonly eventId: string; readonly request: string }
  | { readonly type: 'server-changed'; readonly serverId: ServerId };

export interface Subscription {
  /** Stops new messages; resolves once what was handed out is settled. */
  cancel(): Promise<void>;
}

export interface BusConsumer {
  /**
   * Declares the server's own queue, binds it to `chat.<serverId>`, and consumes. A message is acknowledged when the
   * handler's promise resolves; rejected to the undelivered queue when it rejects. `onInterrupted` is called each time
   * the consumer came back after the queue or the connection had been lost: deliveries may be missing.
   */
  consumeDeliveries(
    serverId: ServerId,
    options: { readonly onEnvelope: (envelope: Uint8Array) => Promise<void>; readonly onInterrupted: () => void },
  ): Promise<Subscription>;
  /**
   * Consumes the persist partitions, each by a single active consumer of all processes. At most `prefetch` batches of a partition are
   * handed out at once, in order. When the handler rejects, its batches are redelivered after a pause, for as long as it takes.
   */
  consumeCommits(options: {
    readonly prefetch: number;
    /**
     * Batches of one partition, oldest first; all of them are settled together, but for the poison ones: the answer
     * names those by index, and they go to the dead-letter queue. One call per partition at a time.
     *
     * They are acknowledged when `settled` has resolved (at once without it) and what came before them is acknowledged; the next call
     * need not wait for that. When it rejects, they and all that follow come again, to the partition's next consumer.
     */
    readonly onBatches: (
      partition: number,
      batches: readonly Uint8Array[],
    ) => Promise<{ readonly poison: readonly number[]; readonly settled?: Promise<void> }>;
  }): Promise<Subscription>;
  /** Envelopes that outlived the queue of a dead server, each at most once. */
  consumeUndelivered(onEnvelope: (envelope: Uint8Array) => Promise<void>): Promise<Subscription>;
  consumeNotifications(onBatch: (batch: Uint8Array) => Promise<void>): Promise<Subscription>;
  consumeControl(onMessage: (message: ControlMessage) => void): Promise<Subscription>;
}
