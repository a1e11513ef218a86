import { printParts } from '../report/cpu-parts.js';
import type { RoutingReport } from './run.js';

/** The report as a person reads it. */
export function printRouting(report: RoutingReport): string {
  const { options, ackMs, deliveryMs } = report;
  return [
    `${options.pairs} pairs across ${options.nodes} servers, ${options.inFlight} in flight each, ${options.contentChars} characters, ${options.seconds} s`,
    `  delivered     ${Math.round(report.deliveredPerSecond).toLocaleString('en')}/s (${report.delivered.toLocaleString('en')}; ${report.wrong} wrong, ${report.errors} errors)`,
    `  CPU           ${report.systemMicros.toFixed(1)} µs per message: ${printParts(report.cpuMicros)}; load generator ${report.loadMicros.toFixed(1)} besides`,
    `  ack           p50 ${ackMs.p50.toFixed(2)} ms, p99 ${ackMs.p99.toFixed(2)} ms, max ${ackMs.max.toFixed(1)} ms`,
    `  delivery      p50 ${deliveryMs.p50.toFixed(2)} ms, p99 ${deliveryMs.p99.toFixed(2)} ms, max ${deliveryMs.max.toFixed(1)} ms`,
  ].join('\n');
}
