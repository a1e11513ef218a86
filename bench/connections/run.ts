import { setTimeout as pause } from 'node:timers/promises';
import type { RunningChat } from '../arms/arm.js';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { kernelBytes } from '../cluster/memory.js';
import { assertWhole, Population } from '../holders/population.js';
import { USERS_PER_HOLDER, type Talk } from '../holders/protocol.js';

export interface ConnectionsOptions {
  readonly connections: number;
  /** Longer than the time after which a silent connection is closed. */
  readonly holdSeconds: number;
  readonly groupSize: number;
  /** People who connect before it is said how many there are. */
  readonly step: number;
}

export interface ConnectionsReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: ConnectionsOptions;
  readonly servers: number;
  readonly held: number;
  readonly connectSeconds: number;
  /** After the rest: everybody was told something by two others. */
  readonly talk: Talk;
  readonly serverBytesPerConnection: number;
  /** Both ends of every connection are on this machine; this is one end. */
  readonly kernelBytesPerConnection: number;
}

type Say = (line: string) => void;

/** Fills as many servers as it takes, lets everybody rest on heartbeats, and sees that everybody still hears. */
export function runConnections(options: ConnectionsOptions, say: Say): Promise<ConnectionsReport> {
  const startedAt = new Date().toISOString();
  const servers = Math.max(2, Math.ceil(options.connections / (USERS_PER_HOLDER - HEADROOM)));
  return withArm(WARREN_ARM, { nodes: servers }, async (running) => {
    const population = new Population(running, options.groupSize);
    try {
      const before = { server: running.serverBytes(), kernel: kernelBytes() };
      const began = performance.now();
      await fill(population, { options, say, running });
      const connectSeconds = (performance.now() - began) / 1000;
      assertWhole(await population.talk());
      say(`all ${population.size} have heard something; resting for ${options.holdSeconds} s`);
      await pause(options.holdSeconds * 1000);
      const talk = await population.talk();
      assertWhole(talk);
      const per = (bytes: number): number => bytes / population.size;
      const serverBytesPerConnection = per(running.serverBytes() - before.server);
      const kernelBytesPerConnection = per((kernelBytes() - before.kernel) / 2);
      const held = population.size - talk.closed;
      return {
        machine: describeMachine(),
        startedAt,
        options,
        servers,
        held,
        connectSeconds,
        talk,
        serverBytesPerConnection,
        kernelBytesPerConnection,
      };
    } finally {
      population.end();
    }
  });
}

/** A server needs some files for other things than its people. */
const HEADROOM = 500;

interface Filling {
  readonly options: ConnectionsOptions;
  readonly say: Say;
  readonly running: RunningChat;
}

async function fill(population: Population, { options, say, running }: Filling): Promise<void> {
  const began = performance.now();
  while (population.size < options.connections) {
    await population.grow(Math.min(options.step, options.connections - population.size));
    const seconds = (performance.now() - began) / 1000;
    say(`${population.size} connected after ${seconds.toFixed(0)} s, servers ${(running.serverBytes() / 1024 ** 2).toFixed(0)} MB`);
  }
}
