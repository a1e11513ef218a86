/** Collects what was written to in this turn and flushes each once at its end: one write per socket and turn. */
export interface Flushable {
  flush(): void;
}

export class TurnFlusher {
  #dirty: Flushable[] = [];

  /** The caller marks itself at most once until it is flushed. */
  mark(target: Flushable): void {
    if (this.#dirty.push(target) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const target of dirty) target.flush();
  }
}
