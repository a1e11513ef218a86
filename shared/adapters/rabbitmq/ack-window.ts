import type { Channel, ConsumeMessage } from 'amqplib';

interface Entry {
  readonly message: ConsumeMessage;
  outcome: 'open' | 'done' | 'rejected';
}

/** Messages of one channel from their arrival to their settlement: those done in one turn are acknowledged by one frame. */
export class AckWindow {
  readonly #channel: Channel;
  readonly #entries: Entry[] = [];
  #scheduled = false;
  #onEmpty: (() => void)[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
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
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
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
