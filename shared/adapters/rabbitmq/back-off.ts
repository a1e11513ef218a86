import { setTimeout as delay } from 'node:timers/promises';

export interface BackOffRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Doubles with every failure up to the cap; at random between half of it and all of it, so that processes do not return in step. */
export function backOffMs(failures: number, range: BackOffRange): number {
  const ceiling = Math.min(range.maxMs, range.minMs * 2 ** Math.min(failures, 16));
  return ceiling * (0.5 + Math.random() / 2);
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** The promise's outcome, or a rejection with `late()` when it takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
}
