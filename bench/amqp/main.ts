import { setTimeout as pause } from 'node:timers/promises';
import { openAloneLeg } from './alone-leg.js';
import type { OpenLeg } from './leg.js';
import { LegNode } from './node.js';
import type { FromLeg, LegPlan, ToLeg } from './protocol.js';
import { openRawLeg } from './raw-leg.js';
import { openSink, openWarrenLeg } from './warren-leg.js';

// One process of an AMQP arm: told what to do over IPC, ends with its parent.

const DRAIN_MS = 5_000;
const QUIET_MS = 200;

let node: LegNode | undefined;

async function open(plan: LegPlan): Promise<void> {
  if (plan.role === 'sink') await openSink(plan);
  else {
    node = new LegNode(plan);
    await node.open(legOf(plan));
  }
  tell({ type: 'ready' });
}

function legOf({ role }: LegPlan): OpenLeg {
  if (role === 'alone') return openAloneLeg;
  return role === 'raw' ? openRawLeg : openWarrenLeg;
}

/** Waits until nothing more comes in: each process sends and receives, so only the two together know what is under way. */
async function drain(from: LegNode): Promise<void> {
  from.stop();
  const deadline = performance.now() + DRAIN_MS;
  let before = Number.NaN;
  while (before !== from.tally.underWay && performance.now() < deadline) {
    before = from.tally.underWay;
    await pause(QUIET_MS);
  }
  tell({ type: 'drained', sentInAll: from.tally.sentInAll, underWay: from.tally.underWay, errors: from.tally.errors });
}

async function obey(message: ToLeg): Promise<void> {
  if (message.type === 'plan') await open(message.plan);
  else if (message.type === 'go') node?.start();
  else if (message.type === 'begin') node?.tally.begin();
  else if (message.type === 'end') tell({ type: 'counts', counts: (node as LegNode).tally.counts() });
  else await drain(node as LegNode);
}

function tell(message: FromLeg): void {
  process.send?.(message);
}

process.once('disconnect', () => process.exit());
process.on('message', (message: ToLeg) => {
  obey(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
