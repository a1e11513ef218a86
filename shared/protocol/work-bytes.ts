/** What is kept between two uses. */
const KEPT_BYTES = 1024 * 1024;

/**
 * A place for bytes that somebody copies before the next ones are put together, always the same one: V8 collects its young objects once there are
 * 32 MB of new memory outside of its heap, and what is put together for a driver is copied by it at once (docs/adr/0015-bytes-used-again.md).
 */
export class WorkBytes {
  #bytes = new Uint8Array(0);

  /** Of this length, with anything in it; its own until the next call. */
  take(length: number): Uint8Array {
    if (length > KEPT_BYTES) return new Uint8Array(length);
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(Math.min(KEPT_BYTES, length * 2));
    return this.#bytes.subarray(0, length);
  }
}
