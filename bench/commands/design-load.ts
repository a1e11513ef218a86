import type { Command } from 'commander';
import { wholeNumber } from '../command-options.js';
import { judge, type Verdict } from '../compare/verdict.js';
import { whyVoid } from '../compare/void.js';
import { runDesign, type DesignReport } from '../design/run.js';
import { SPAN_MS } from '../load/protocol.js';
import { printParts } from '../report/cpu-parts.js';
import { concludeMeasure, say } from '../report/conclude.js';

/** 50,000,000 people a day, 20 messages each. */
const DESIGN_RATE = 11_574;
type Given = Readonly<Record<'rate' | 'seconds' | 'warmUp' | 'pairs' | 'nodes', number>>;

export function addDesignLoad(program: Command): void {
  program
    .command('design-load')
    .description('measure 10: the design’s rate, open loop: accepted, delivered, stored (its aim: --rate 58000 --seconds 60)')
    .option('--rate <n>', 'messages per second', wholeNumber, DESIGN_RATE)
    .option('--seconds <n>', 'measured time', wholeNumber, 600)
    .option('--warm-up <n>', 'seconds before', wholeNumber, 10)
    .option('--pairs <n>', 'pairs of users, ends on different servers', wholeNumber, 200)
    .option('--nodes <n>', 'chat servers', wholeNumber, 2)
    .action(async ({ warmUp: warmUpSeconds, ...rest }: Given) => {
      const report = await runDesign({ ...rest, warmUpSeconds });
      say(printDesign(report));
      concludeMeasure('design-load', { ...report, verdicts: judgeDesign(report) });
    });
}

function printDesign({ measurement, notStored, options }: DesignReport): string {
  const { sentInAll, delivered, seconds, acked, errors, lost, deliveryMs, deliverySpansMs, ackMs } = measurement;
  const { systemMicros, cpuMicros, loadBusy, neighbours } = measurement;
  const reason = whyVoid(measurement);
  return [
    `${options.rate}/s for ${options.seconds} s: ${Math.round(delivered / seconds)}/s delivered, ${Math.round(acked / seconds)}/s acknowledged; of ${sentInAll} sent in all ${errors} refused, ${lost} not delivered, ${notStored} not stored`,
    `  delivery p50 ${deliveryMs.p50.toFixed(1)} p99 ${deliveryMs.p99.toFixed(1)} max ${deliveryMs.max.toFixed(0)} ms, acknowledgement p50 ${ackMs.p50.toFixed(1)} p99 ${ackMs.p99.toFixed(1)} ms`,
    `  p99 of the delivery in each ${SPAN_MS / 1000} s: ${deliverySpansMs.map(({ p99 }) => p99.toFixed(0)).join(' ')} ms`,
    `  ${systemMicros.toFixed(1)} µs per message (${printParts(cpuMicros)}), load generator ${Math.round(loadBusy * 100)} % busy, others ${Math.round(neighbours * 100)} % of the machine`,
    ...(reason === undefined ? [] : [`  VOID: ${reason}`]),
  ].join('\n');
}

function judgeDesign({ measurement, notStored, options: { rate } }: DesignReport): readonly Verdict[] {
  const goal = { measure: 10, better: 'lower' } as const;
  const missing = Math.max(0, measurement.errors) + Math.abs(measurement.lost) + Math.abs(notStored);
  return [
    judge({ ...goal, what: `messages lost at ${rate}/s (refused, not delivered, not stored)`, unit: '', floor: 0, aim: 0 }, missing),
    judge(
      { ...goal, what: 'p99 delivery from the moment a message was due', unit: ' ms', floor: 100, aim: 100 },
      measurement.deliveryMs.p99,
    ),
  ];
}
