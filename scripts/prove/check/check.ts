import type { RunHistory } from '../history/records.js';
import { checkDurability } from './durability.js';
import { gatherFacts, type Facts } from './facts.js';
import { measureInterruptions } from './interruptions.js';
import { checkOrder } from './order.js';
import { checkReads } from './reads.js';
import { measureRecoveries } from './recoveries.js';
import { checkScreens } from './screens.js';
import { drawTimeline } from './timeline.js';
import { Findings, type Counts, type Verdict } from './verdict.js';

/**
 * Judges a run by nothing but its records, in the manner of Jepsen's total-queue: what was acknowledged must be there, what is there must
 * have been sent, and every device must have had it once and in order. `troubles` are devices that did not come to rest in time.
 */
export function checkRun(history: RunHistory, troubles: readonly string[] = []): Verdict {
  const facts = gatherFacts(history);
  const findings = new Findings();
  for (const trouble of troubles) findings.add('unsettled', trouble);
  checkDurability(facts, findings);
  checkOrder(facts, findings);
  const shown = checkScreens(facts, findings);
  const reads = checkReads(facts, findings);
  return {
    ok: Object.values(findings.totals).every((count) => count === 0),
    counts: { ...countCommands(facts), ...shown, reads },
    totals: findings.totals,
    violations: findings.violations,
    interruptions: measureInterruptions(facts),
    recoveries: measureRecoveries(facts),
    timeline: drawTimeline(facts),
  };
}

function countCommands(facts: Facts): Omit<Counts, 'received' | 'withdrawn' | 'reads'> {
  const commands = [...facts.commands.values()];
  const acked = commands.filter(({ acks }) => acks.length > 0);
  const silent = commands.filter(({ acks, send }) => acks.length === 0 && send.kind === 'send');
  return {
    attempted: commands.length,
    acked: acked.length,
    messagesAcked: acked.filter(({ send }) => send.kind === 'send').length,
    stored: facts.stored.size,
    recovered: silent.filter(({ send }) => facts.storedByClient.has(send.cl)).length,
    refused: commands.filter(({ failed }) => failed !== undefined).length,
  };
}
