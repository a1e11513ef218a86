import { isOriginAllowed } from './origin-check.js';

export type Refusal = 'draining' | 'full' | 'address';

export interface DoorOptions {
  readonly origins: ReadonlySet<string>;
  readonly maxPerAddress: number;
  /** Why nobody is let in right now, if nobody is. */
  readonly refusal: () => Exclude<Refusal, 'address'> | undefined;
}

/** Who may open a connection, whatever the transport: by origin, by the server's state, and by how many an address has. */
export class Door {
  readonly #options: DoorOptions;
  readonly #perAddress = new Map<string, number>();

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  get origins(): ReadonlySet<string> {
    return this.#options.origins;
  }

  allowsOrigin(origin: string | undefined): boolean {
    return isOriginAllowed(origin, this.#options.origins);
  }

  refusal(address: string): Refusal | undefined {
    const refusal = this.#options.refusal();
    if (refusal !== undefined) return refusal;
    return (this.#perAddress.get(address) ?? 0) >= this.#options.maxPerAddress ? 'address' : undefined;
  }

  /** A connection from there begins; each is followed by one `leave`. */
  enter(address: string): void {
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
  }

  leave(address: string): void {
    const count = (this.#perAddress.get(address) ?? 0) - 1;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }
}
