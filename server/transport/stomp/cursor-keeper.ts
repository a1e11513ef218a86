import type { DeviceId, EventId } from '../../../shared/domain/ids.js';
import type { DeviceCursors } from '../../../shared/ports/index.js';

/** Writes a device's cursors behind its acknowledgements: one write at a time, the next takes all that has gathered. */
export class CursorKeeper {
  readonly #cursors: DeviceCursors;
  readonly #deviceId: DeviceId;
  #gathered = new Map<string, EventId>();
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(cursors: DeviceCursors, deviceId: DeviceId) {
    this.#cursors = cursors;
    this.#deviceId = deviceId;
  }

  read(): Promise<ReadonlyMap<string, EventId>> {
    return this.#cursors.read(this.#deviceId);
  }

  /** Resolves once everything up to here is kept. Rejects with UNAVAILABLE; then the device gets it again. */
  move(moves: ReadonlyMap<string, EventId>): Promise<void> {
    for (const [key, id] of moves) if (id > (this.#gathered.get(key) ?? '')) this.#gathered.set(key, id);
    if (this.#gathered.size === 0) return this.#last;
    this.#next ??= this.#last
      .catch(() => undefined)
      .then(() => {
        const gathered = this.#gathered;
        this.#gathered = new Map();
        this.#next = undefined;
        this.#last = this.#cursors.move(this.#deviceId, gathered);
        return this.#last;
      });
    return this.#next;
  }
}
