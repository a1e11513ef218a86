import { setTimeout as pause } from 'node:timers/promises';
import { ContentMaker } from './content.js';
import { DIALECTS } from './dialects/index.js';
import { drive } from './drive.js';
import { Pair } from './pair.js';
import { SPAN_MS, type FromLoad, type LoadPlan, type LoadResult } from './protocol.js';
import { Tally } from './tally.js';

// The load generator: a process of its own, so that its CPU time can be told apart. The same code for every system under test.

const OPEN_AT_ONCE = 20;
const KEEP_ALIVE_MS = 20_000;
const DRAIN_MS = 10_000;
const DRAIN_POLL_MS = 20;

async function run(plan: LoadPlan): Promise<LoadResult> {
  const tally = new Tally();
  const pairs = await openPairs(plan, tally);
  const heartbeats = setInterval(() => pairs.forEach((pair) => pair.keepAlive()), KEEP_ALIVE_MS);
  const stop = drive(plan.traffic, pairs, tally);
  await pause(plan.warmUpMs);
  const measured = await measure(plan, tally);
  stop();
  await drain(tally);
  clearInterval(heartbeats);
  for (const pair of pairs) pair.close();
  return { ...measured, sentInAll: tally.sentInAll, errors: tally.errors, lost: tally.underWay };
}

async function openPairs(plan: LoadPlan, tally: Tally): Promise<readonly Pair[]> {
  const parts = { dialect: DIALECTS[plan.dialect], tally, content: new ContentMaker(plan.contentChars) };
  const pairs: Pair[] = [];
  for (let from = 0; from < plan.pairs.length; from += OPEN_AT_ONCE) {
    const some = plan.pairs.slice(from, from + OPEN_AT_ONCE);
    pairs.push(...(await Promise.all(some.map((pair) => Pair.open(pair, parts)))));
  }
  return pairs;
}

async function measure(plan: LoadPlan, tally: Tally): Promise<Omit<LoadResult, 'sentInAll' | 'errors' | 'lost'>> {
  tally.begin();
  tell({ type: 'measuring' });
  const started = performance.now();
  const cpu = process.cpuUsage();
  const spans = setInterval(() => tally.endSpan(), SPAN_MS);
  await pause(plan.measureMs);
  clearInterval(spans);
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  tell({ type: 'measured' });
  return { ...tally.counts(), seconds, cpuMs: (used.user + used.system) / 1000 };
}

async function drain(tally: Tally): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  while (tally.underWay > 0 && performance.now() < deadline) await pause(DRAIN_POLL_MS);
}

function tell(message: FromLoad): void {
  process.send?.(message);
}

// The bench has ended, or does not need this process any more.
process.once('disconnect', () => process.exit());
process.once('message', (plan: LoadPlan) => {
  run(plan).then(
    (result) => {
      tell({ type: 'result', result });
      process.disconnect();
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
