/** Collects what a callback is given, so that a test can wait for it. */
export class Inbox<T> {
  readonly #items: T[] = [];
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  /** Everything that came so far. */
  get items(): readonly T[] {
    return this.#items;
  }

  readonly add = (item: T): void => {
    this.#items.push(item);
    const due = this.#waiting.filter(({ count }) => count <= this.#items.length);
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#items.length);
    for (const { resolve } of due) resolve();
  };

  /** The first `count` items, as soon as they are there. */
  async take(count: number): Promise<readonly T[]> {
    if (this.#items.length < count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
    return this.#items.slice(0, count);
  }

  /** The first item. */
  async first(): Promise<T> {
    const [item] = await this.take(1);
    return item as T;
  }
}
