import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { assertWhole, Population } from '../holders/population.js';

export interface IdleOptions {
  readonly users: number;
  /** Of each of the two readings: long enough for every client to have pinged. */
  readonly seconds: number;
  readonly nodes: number;
}

export interface IdleReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: IdleOptions;
  /** Redis commands per second of the whole cluster: leases, and what processes ask now and then. */
  readonly withoutUsers: number;
  readonly withUsers: number;
  readonly perUserAndSecond: number;
}

/** What people cost Redis who are connected, have talked, and only send heartbeats now. */
export function runIdle(options: IdleOptions, say: (line: string) => void): Promise<IdleReport> {
  const startedAt = new Date().toISOString();
  return withArm(WARREN_ARM, { nodes: options.nodes }, async (running) => {
    const redis = new Redis(running.cluster.backing.urls.redis);
    const population = new Population(running, 2);
    try {
      const withoutUsers = await commandsPerSecond(redis, options.seconds);
      say(`nobody there: ${withoutUsers.toFixed(2)} Redis commands/s`);
      await population.grow(options.users);
      assertWhole(await population.talk());
      // What the talk has left to do, the archive's mark for one, is done.
      await pause(5000);
      const withUsers = await commandsPerSecond(redis, options.seconds);
      say(`${options.users} idle people: ${withUsers.toFixed(2)} Redis commands/s`);
      const perUserAndSecond = Math.max(0, withUsers - withoutUsers) / options.users;
      return { machine: describeMachine(), startedAt, options, withoutUsers, withUsers, perUserAndSecond };
    } finally {
      population.end();
      redis.disconnect();
    }
  });
}

async function commandsPerSecond(redis: Redis, seconds: number): Promise<number> {
  const before = await processed(redis);
  await pause(seconds * 1000);
  return ((await processed(redis)) - before) / seconds;
}

async function processed(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1] ?? 0);
}
