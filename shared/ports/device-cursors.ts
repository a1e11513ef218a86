import type { DeviceId, EventId } from '../domain/ids.js';

/**
 * Where devices stand that leave it to the server to remember (STOMP clients that acknowledge): per device and channel the
 * event id up to which everything has been acknowledged. Kept for 30 days after a device's last move; not kept in a durable
 * store: a device that must not miss anything even when this is lost keeps its own cursor, as the SDK does. Rejects with UNAVAILABLE.
 */
export interface DeviceCursors {
  /** All of a device's; the keys are channel ids, and what the transport itself remembers. */
  read(deviceId: DeviceId): Promise<ReadonlyMap<string, EventId>>;
  /** Each only forward: a smaller id changes nothing. */
  move(deviceId: DeviceId, cursors: ReadonlyMap<string, EventId>): Promise<void>;
}
