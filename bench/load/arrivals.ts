/** Moments at which messages are due: a Poisson process, so gaps are exponential and bursts happen, as with people. */
export class Arrivals {
  readonly #meanGapMs: number;
  readonly #random: () => number;
  #next: number;

  constructor(perSecond: number, options: { readonly from: number; readonly random?: () => number }) {
    this.#meanGapMs = 1000 / perSecond;
    this.#random = options.random ?? Math.random;
    this.#next = options.from;
    this.#advance();
  }

  /** The next moment that is not after `now`, once each, in order. */
  takeDue(now: number): number | undefined {
    if (this.#next > now) return undefined;
    const due = this.#next;
    this.#advance();
    return due;
  }

  #advance(): void {
    this.#next -= Math.log(1 - this.#random()) * this.#meanGapMs;
  }
}
