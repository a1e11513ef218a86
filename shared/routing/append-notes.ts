import type { BatchHead } from '../protocol/event-batch.js';

/** More are forgotten: the archiver then looks into the window for their events. */
const MAX_NOTES = 1_000;

/** What a pipeline tells the archiver of one partition: which of its batches are in the recent window (docs/adr/0009-append-notes.md). */
export class AppendNotes {
  readonly #producer: string;
  #last = 0;
  #appended: number[] = [];

  constructor(producer: string) {
    this.#producer = producer;
  }

  /** The head of the next batch; it carries the notes so far. */
  takeHead(): BatchHead {
    const appended = this.#appended;
    this.#appended = [];
    return { type: 'batch', producer: this.#producer, number: (this.#last += 1), appended };
  }

  /** All events of the batch are in the window. */
  add(batch: number): void {
    if (this.#appended.length < MAX_NOTES) this.#appended.push(batch);
  }

  /** The batch with this head may not have arrived: its notes go with the next one. */
  giveBack(head: BatchHead): void {
    for (const batch of head.appended) this.add(batch);
  }
}
