import type { ServerId, UserId } from '../../shared/domain/ids.js';
import { decodeDeliveries, type Delivery } from '../../shared/protocol/envelope.js';
import type { FanOut } from '../../shared/routing/fan-out.js';
import type { SessionRegistry } from '../session/session-registry.js';

/**
 * Envelopes from this server's queue to local sessions: no I/O and no parsing of the payload. Recipients that have just
 * left are looked up elsewhere once, so that one who moved is found and one who is offline is told by push.
 */
export class Deliver {
  readonly #deps: { readonly sessions: SessionRegistry; readonly fanOut: FanOut; readonly serverId: ServerId };

  constructor(deps: { readonly sessions: SessionRegistry; readonly fanOut: FanOut; readonly serverId: ServerId }) {
    this.#deps = deps;
  }

  envelope(bytes: Uint8Array): void {
    for (const delivery of decodeDeliveries(bytes)) this.deliver(delivery);
  }

  deliver(delivery: Delivery): void {
    const absent = this.#deps.sessions.deliver(delivery);
    if (absent.length > 0) this.#redirect(delivery, absent);
  }

  #redirect(delivery: Delivery, absent: readonly UserId[]): void {
    this.#deps.fanOut.reroute([{ ...delivery, recipients: absent }], this.#deps.serverId);
  }
}
