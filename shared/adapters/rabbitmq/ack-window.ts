import type { Channel, ConsumeMessage } from 'amqplib';

interface Entry {
  readonly message: ConsumeMessage;
  outcome: 'open' | 'done' | 'rejected';
}

/** How long an acknowledgement may wait for others. With little under way it would be a frame, and a wake-up of the broker, for every message. */
const GATHER_MS = 50;

/**
 * Messages of one channel from their arrival to their settlement: those done within some milliseconds are acknowledged by one frame. At once
 * when half of what the broker hands out is settled, so that it never waits for them.
 */
export class AckWindow {
  readonly #channel: Channel;
  readonly #enough: number;
  readonly #entries: Entry[] = [];
  #settled = 0;
  #timer: NodeJS.Timeout | undefined;
  #onEmpty: (() => void)[] = [];

  constructor(channel: Channel, prefetch: number) {
    this.#channel = channel;
    this.#enough = Math.max(1, Math.floor(prefetch / 2));
  }

  /** The message is settled as its handling turns out: a rejection sends it to the dead letters of its queue. */
  add(message: ConsumeMessage, handling: Promise<void>): void {
    const entry: Entry = { message, outcome: 'open' };
    this.#entries.push(entry);
    handling.then(
      () => this.#settle(entry, 'done'),
      () => this.#settle(entry, 'rejected'),
    );
  }

  /** Resolves when nothing is open. */
  whenEmpty(): Promise<void> {
    if (this.#entries.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  #settle(entry: Entry, outcome: 'done' | 'rejected'): void {
    entry.outcome = outcome;
    this.#settled += 1;
    if (this.#settled === this.#enough) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      setImmediate(() => this.#flush());
    } else if (this.#settled < this.#enough) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    this.#settled = 0;
    const open = this.#entries.findIndex((entry) => entry.outcome === 'open');
    const settled = this.#entries.splice(0, open === -1 ? this.#entries.length : open);
    try {
      for (const entry of settled) if (entry.outcome === 'rejected') this.#channel.nack(entry.message, false, false);
      const last = settled.findLast((entry) => entry.outcome === 'done');
      if (last !== undefined) this.#channel.ack(last.message, true);
    } catch {
      // The channel has closed: the broker delivers again what it had not seen acknowledged.
    }
    if (this.#entries.length > 0) return;
    for (const resolve of this.#onEmpty.splice(0)) resolve();
  }
}
