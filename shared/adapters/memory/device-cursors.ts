import type { DeviceId, EventId } from '../../domain/ids.js';
import type { DeviceCursors } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

const MAX_DEVICES = 10_000;
const KEEP_MS = 30 * 24 * 3_600_000;

export class MemoryDeviceCursors implements DeviceCursors {
  readonly #devices: ExpiringMap<DeviceId, ReadonlyMap<string, EventId>>;

  constructor(options: { readonly now?: Now } = {}) {
    this.#devices = new ExpiringMap(MAX_DEVICES, options.now ?? monotonicNow);
  }

  read(deviceId: DeviceId): Promise<ReadonlyMap<string, EventId>> {
    return promised(() => this.#devices.get(deviceId) ?? new Map<string, EventId>());
  }

  move(deviceId: DeviceId, cursors: ReadonlyMap<string, EventId>): Promise<void> {
    return promised(() => {
      const moved = new Map(this.#devices.get(deviceId));
      for (const [key, id] of cursors) if (id > (moved.get(key) ?? '')) moved.set(key, id);
      this.#devices.set(deviceId, moved, KEEP_MS);
    });
  }
}
