import { setImmediate as nextTurn } from 'node:timers/promises';

const WITHIN_MS = 10_000;

/** For what a product tells nobody about: asks again, turn by turn, until the answer is true; rejects after 10 seconds. */
export async function eventually(ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error('it did not come true');
    await nextTurn();
  }
}
