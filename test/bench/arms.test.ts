import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARMS } from '../../bench/arms/catalog.js';
import { ensurePeers } from '../../bench/arms/peer-packages.js';
import { withArm } from '../../bench/arms/with-arm.js';
import type { Arm, LoadShape } from '../../bench/arms/arm.js';
import { missingPackages } from '../../scripts/services/packages.js';
import { skippedTitle } from '../support/products.js';

// The short form of the bench: nearly every system that is compared takes messages and hands each of them over once, whole and in order.
// No figure is judged: what a loaded machine measures says nothing.

/** One message under way per pair, so that order needs no luck. */
const SHAPE: LoadShape = {
  pairs: 4,
  traffic: { kind: 'closed', inFlight: 1 },
  contentChars: 100,
  warmUpSeconds: 0.2,
  seconds: 0.5,
};
const NPM_LIMIT_MS = 30_000;
const OF_WARREN = new Set(['warren', 'warren-amqp']);
/** Each would start one more broker, for twenty seconds, to try what the others of its kind try. */
const LEFT_OUT = new Set(['raw-amqp', 'literal']);

const missing = missingPackages(['rabbitmq', 'redis', 'mariadb', 'nginx']);
const peersReason = await ensurePeers({ limitMs: NPM_LIMIT_MS }).then(
  () => undefined,
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);

function reasonToSkip(arm: Arm): string | undefined {
  if (missing.length > 0) return `${missing.join(', ')} not installed`;
  return OF_WARREN.has(arm.name) ? undefined : peersReason;
}

describe('the bench, in short', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'warren-bench-'));

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const arm of ARMS.filter(({ name }) => !LEFT_OUT.has(name))) {
    const title = `every message comes once, whole and in order: ${arm.title}`;
    const reason = reasonToSkip(arm);
    if (reason !== undefined) {
      it(skippedTitle(title, reason));
      continue;
    }
    it(title, async () => {
      const result = await withArm(arm, { nodes: 2, folder, runtime: 'source' }, (running) => running.measure(SHAPE));
      expect(result.sentInAll).to.be.at.least(SHAPE.pairs);
      expect(result).to.include({ wrong: 0, wrongBefore: 0, errors: 0, lost: 0 });
    });
  }
});
