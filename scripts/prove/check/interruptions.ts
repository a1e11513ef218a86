import type { FaultRecord } from '../history/records.js';
import type { Facts } from './facts.js';
import { percentile } from './percentile.js';
import type { Interruption } from './verdict.js';

/** A device waited for something: its ack, or a message that was acknowledged to somebody else. */
interface Wait {
  readonly d: number;
  readonly from: number;
  readonly to: number;
}

/** Shorter waits are how it always is. */
const USUAL_MS = 50;
/** What began this long after a fault was over is not its doing any more. */
const AFTERMATH_MS = 1_000;

/** How long each fault kept devices waiting. Faults that overlap share what happened between them. */
export function measureInterruptions(facts: Facts): Interruption[] {
  const waits = gatherWaits(facts);
  const devices = facts.history.roster.devices.length;
  return facts.history.faults.map((fault) => measure(fault, waits, devices));
}

function measure(fault: FaultRecord, waits: readonly Wait[], devices: number): Interruption {
  const longest = new Float64Array(devices);
  const after = new Float64Array(devices);
  for (const { d, from, to } of waits) {
    if (to <= fault.from || from > fault.healed + AFTERMATH_MS) continue;
    longest[d] = Math.max(longest[d] ?? 0, to - Math.max(from, fault.from));
    if (from <= fault.healed) after[d] = Math.max(after[d] ?? 0, to - fault.healed);
  }
  const { kind, target, from, healed, skipped } = fault;
  const [all, late] = [[...longest], [...after]];
  return {
    ...{ kind, target, from, healed, skipped },
    ...{
      worstMs: Math.max(0, ...all),
      p99Ms: percentile(all, 0.99),
      worstAfterMs: Math.max(0, ...late),
      p99AfterMs: percentile(late, 0.99),
    },
  };
}

function gatherWaits(facts: Facts): Wait[] {
  const waits: Wait[] = [];
  const add = (d: number, from: number, to: number): void => {
    if (to - from >= USUAL_MS) waits.push({ d, from, to });
  };
  for (const { send, acks } of facts.commands.values()) {
    const [ack] = acks;
    if (ack !== undefined) add(send.d, send.t, ack.t);
  }
  for (const record of facts.history.records) {
    if (record.op !== 'told') continue;
    const ack = facts.commands.get(record.cl)?.acks[0];
    if (ack !== undefined) add(record.d, ack.t, record.t);
  }
  return waits;
}
