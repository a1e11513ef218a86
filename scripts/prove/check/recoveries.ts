import type { FaultRecord } from '../history/records.js';
import type { Facts } from './facts.js';
import { percentile } from './percentile.js';
import type { Recovery } from './verdict.js';

/** What was waited for, per device and fault. */
interface Sample {
  readonly ms: number;
  readonly alone: boolean;
}

const TITLES = {
  'kill-server': 'users of a killed server are served elsewhere',
  'broker-restart': "messages flow once the broker's port is open",
  'redis-empty': "messages flow once Redis' port is open",
} as const;

/** How fast everybody recovers from the faults for which there is a promise. */
export function measureRecoveries(facts: Facts): Recovery[] {
  return (Object.keys(TITLES) as (keyof typeof TITLES)[]).flatMap((kind) => {
    const faults = facts.history.faults.filter((fault) => fault.kind === kind && fault.skipped === undefined);
    const samples = faults.flatMap((fault) => (kind === 'kill-server' ? findMoves(facts, fault) : findFirstAnswers(facts, fault)));
    if (faults.length === 0) return [];
    return [{ kind, what: TITLES[kind], faults: faults.length, all: summarize(samples), alone: summarize(samples.filter((s) => s.alone)) }];
  });
}

function summarize(samples: readonly Sample[]): Recovery['all'] {
  const waits = samples.map(({ ms }) => ms);
  return { count: waits.length, p99Ms: percentile(waits, 0.99), worstMs: Math.max(0, ...waits) };
}

/** From the kill until each device that was on that server is online again. */
function findMoves({ history }: Facts, fault: FaultRecord): Sample[] {
  const before = new Map<number, string | undefined>();
  const samples = new Map<number, Sample>();
  for (const record of history.records) {
    if (record.op !== 'state') continue;
    const { d, t, status, server } = record;
    if (t <= fault.from) before.set(d, status === 'online' || status === 'draining' ? server : undefined);
    else if (before.get(d) === fault.target && status === 'online' && !samples.has(d)) {
      samples.set(d, { ms: t - fault.from, alone: fault.alone === true });
    }
  }
  return [...samples.values()];
}

/** From the open port until each device that waited for an answer has its first one. */
function findFirstAnswers(facts: Facts, { opened, from, alone }: FaultRecord): Sample[] {
  if (opened === undefined) return [];
  const first = new Map<number, number>();
  for (const { send, acks } of facts.commands.values()) {
    const t = acks[0]?.t;
    if (t === undefined || send.t >= opened || t < opened || t <= from) continue;
    first.set(send.d, Math.min(first.get(send.d) ?? Infinity, t - opened));
  }
  return [...first.values()].map((ms) => ({ ms, alone: alone === true }));
}
