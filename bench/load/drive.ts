import { Arrivals } from './arrivals.js';
import type { Pair } from './pair.js';
import type { Traffic } from './protocol.js';
import type { Tally } from './tally.js';

/** Starts the traffic; what comes back stops it: nothing is sent from then on. */
export function drive(traffic: Traffic, pairs: readonly Pair[], tally: Tally): () => void {
  return traffic.kind === 'closed' ? driveClosed(traffic.inFlight, pairs) : driveOpen(traffic.perSecond, pairs, tally);
}

function driveClosed(inFlight: number, pairs: readonly Pair[]): () => void {
  let running = true;
  for (const pair of pairs) {
    pair.onSettled = () => {
      if (running) pair.send(performance.now());
    };
    for (let i = 0; i < inFlight; i++) pair.send(performance.now());
  }
  return () => (running = false);
}

/** Pairs take turns. A tick is a millisecond at best; what fell due in between goes out then, and its latency counts from when it was due. */
function driveOpen(perSecond: number, pairs: readonly Pair[], tally: Tally): () => void {
  const arrivals = new Arrivals(perSecond, { from: performance.now() });
  let turn = 0;
  const tick = setInterval(() => {
    const now = performance.now();
    for (let due = arrivals.takeDue(now); due !== undefined; due = arrivals.takeDue(now)) {
      tally.takeLateness(now - due);
      pairs[(turn += 1) % pairs.length]?.send(due);
    }
  }, 1);
  return () => clearInterval(tick);
}
