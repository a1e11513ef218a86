import type { DeviceId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { TicketStore } from '../../shared/ports/index.js';
import { CONNECT_GAP } from '../../shared/routing/batch-gap.js';
import { TurnCalls } from '../../shared/routing/turn-calls.js';

/** In one call: when a server is gone, its thousands come to the others within moments. */
const CALL_DEVICES = 200;
const MAX_WAITING = 20_000;

/** Devices that were logged out while their access token still holds. Asked for all that connect in one turn together. */
export class LogOuts {
  readonly #looking: TurnCalls<DeviceId, boolean>;

  constructor(tickets: Pick<TicketStore, 'revokedAmong'>) {
    const call = async (deviceIds: readonly DeviceId[]): Promise<readonly boolean[]> => {
      const revoked = await tickets.revokedAmong(deviceIds);
      return deviceIds.map((deviceId) => revoked.has(deviceId));
    };
    this.#looking = new TurnCalls({ call, maxItems: CALL_DEVICES, maxWaiting: MAX_WAITING, gap: CONNECT_GAP });
  }

  /** Rejects with SESSION_REVOKED; with UNAVAILABLE or OVERLOADED where that cannot be said. */
  async refuse(deviceId: DeviceId): Promise<void> {
    if (await this.#looking.ask(deviceId)) throw new ChatError('SESSION_REVOKED');
  }
}
