import { Command } from 'commander';
import { stopArmsOnSignals } from './arms/with-arm.js';
import { addAll } from './commands/all.js';
import { addCompare } from './commands/compare.js';
import { addConnect } from './commands/connect.js';
import { addConnections } from './commands/connections.js';
import { addDesignLoad } from './commands/design-load.js';
import { addGroup } from './commands/group.js';
import { addGrowth } from './commands/growth.js';
import { addIdle } from './commands/idle.js';
import { addLatency } from './commands/latency.js';
import { addMemory } from './commands/memory.js';
import { addNodes } from './commands/nodes.js';
import { addPlan } from './commands/plan.js';
import { addRouting } from './commands/routing.js';

const program = new Command('bench').description(
  'Measures Warren on this machine, and what people would take instead; see docs/performance.md',
);

addRouting(program);
addCompare(program);
addLatency(program);
addNodes(program);
addMemory(program);
addConnect(program);
addGroup(program);
addIdle(program);
addDesignLoad(program);
addGrowth(program);
addConnections(program);
addPlan(program);
addAll(program);

stopArmsOnSignals();
await program.parseAsync();
