import { parseArgs } from 'node:util';
import { mutate, PROTOCOLS, seededRandom } from '../test/support/fuzz-frames.js';

/**
 * Broken frames by the million: `npm run fuzz -- --frames 1000000 --seed 1`. A crash prints the
 * frame, and how to see it again; the heap after each tenth shows whether anything is kept.
 */
const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' }, protocol: { type: 'string' } },
});
const frames = Number(values.frames);
const seed = Number(values.seed);

for (const [name, { seeds, open }] of Object.entries(PROTOCOLS)) {
  if (values.protocol !== undefined && values.protocol !== name) continue;
  const random = seededRandom(seed);
  const take = open(random);
  const heaps: number[] = [];
  const started = performance.now();
  for (let n = 1; n <= frames; n++) {
    const bytes = mutate(seeds, random);
    try {
      take(bytes);
    } catch (error) {
      process.stderr.write(`${name}: frame ${n} of seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}\n`);
      throw error;
    }
    // What a connection promised itself is done between frames.
    if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (n % Math.ceil(frames / 10) === 0) heaps.push(heapMiB());
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(
    `${name}: ${frames} frames in ${seconds} s, no crash; heap in MiB: ${heaps.map((heap) => heap.toFixed(1)).join(' ')}\n`,
  );
}

function heapMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}
