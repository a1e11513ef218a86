const FIRST_BYTES = 256;
/** Who announced a length gets room for it once an eighth has come: a claim alone takes no memory. */
const TRUST = 8;

/** Bytes that come in pieces, in one buffer that doubles, or grows to what was announced: many small pieces cost no more than one large one. */
export class GrowingBytes {
  #buffer = Buffer.alloc(0);
  #length = 0;
  readonly #expected: number;

  /** `expected`: how many there will be, as somebody says who need not be right. */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  /** What has come so far; begins anew. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const announced = Math.min(this.#expected, needed * TRUST);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, announced > needed ? announced : this.#buffer.length * 2, FIRST_BYTES));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
