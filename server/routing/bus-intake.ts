import type { DeviceId, ServerId } from '../../shared/domain/ids.js';
import { CLOSE_CODES } from '../../shared/protocol/close-codes.js';
import type { BusConsumer, Confirmations, ControlMessage, Logger, Subscription } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';
import type { SessionRegistry } from '../session/session-registry.js';
import type { Deliver } from './deliver.js';

export interface BusIntakeDeps {
  readonly consumer: Pick<BusConsumer, 'consumeDeliveries' | 'consumeControl'>;
  readonly confirmations: Confirmations;
  readonly serverId: ServerId;
  readonly deliver: Deliver;
  readonly sessions: SessionRegistry;
  readonly logger: Logger;
}

/** After an interruption devices are asked to sync, spread at this many a second. */
const RESYNCS_PER_SECOND = 2_000;

/** What comes to this server over the bus: deliveries from its own queue, and control messages. */
export class BusIntake implements Service {
  readonly name = 'bus intake';
  readonly #deps: BusIntakeDeps;
  #subscriptions: Subscription[] = [];

  constructor(deps: BusIntakeDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { consumer, serverId } = this.#deps;
    this.#subscriptions.push(await consumer.consumeControl((message) => this.#obey(message)));
    const options = { onEnvelope: (envelope: Uint8Array) => this.#take(envelope), onInterrupted: () => this.askToResync() };
    this.#subscriptions.push(await consumer.consumeDeliveries(serverId, options));
  }

  async stop(): Promise<void> {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    for (const subscription of subscriptions) await subscription.cancel();
  }

  #take(envelope: Uint8Array): Promise<void> {
    try {
      this.#deps.deliver.envelope(envelope);
    } catch (error) {
      this.#deps.logger.error({ error, bytes: envelope.length }, 'envelope cannot be read');
    }
    return Promise.resolve();
  }

  /** Deliveries may be missing: every device asks for what follows its cursors, spread over time. */
  askToResync(): void {
    const sessions = this.#deps.sessions.openSessions;
    const withinMs = Math.max(500, Math.ceil((sessions.length / RESYNCS_PER_SECOND) * 1000));
    this.#deps.logger.warn({ sessions: sessions.length, withinMs }, 'deliveries were interrupted, devices sync');
    const frame = Buffer.from(JSON.stringify({ type: 'resync', withinMs }));
    for (const session of sessions) session.push(frame);
  }

  #obey(message: ControlMessage): void {
    if (message.type !== 'revoke') return;
    this.#deps.sessions.closeDevices(message.deviceIds as readonly DeviceId[], CLOSE_CODES.SESSION_REVOKED);
    this.#deps.confirmations
      .confirm(message.confirmation, this.#deps.serverId)
      .catch((error: unknown) => this.#deps.logger.warn({ error }, 'log-out not confirmed'));
  }
}
