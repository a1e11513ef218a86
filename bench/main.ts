import { Command } from 'commander';
import { stopArmsOnSignals } from './arms/with-arm.js';
import { addCompare } from './commands/compare.js';
import { addLatency } from './commands/latency.js';
import { addNodes } from './commands/nodes.js';
import { addRouting } from './commands/routing.js';

const program = new Command('bench').description(
  'Measures Warren on this machine, and what people would take instead; see docs/performance.md',
);

addRouting(program);
addCompare(program);
addLatency(program);
addNodes(program);

stopArmsOnSignals();
await program.parseAsync();
