import { setTimeout as pause } from 'node:timers/promises';
import type { RunningWarren } from '../arms/warren-arm.js';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { Holder } from '../holders/holder.js';
import { assertWhole } from '../holders/population.js';
import type { HeldChannel } from '../holders/protocol.js';
import { publishedMessages } from './published.js';

export interface GroupOptions {
  readonly members: number;
  readonly nodes: number;
  /** Group messages of each of the two readings, two people in turn. */
  readonly messages: number;
}

export interface GroupReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: GroupOptions;
  /** AMQP messages per group message when each is heard by all before the next is said. */
  readonly oneAtATime: number;
  /** The same with a hundred under way. */
  readonly hundredUnderWay: number;
}

/** The statistics of the broker's management are collected every five seconds. */
const STATISTICS_MS = 11_000;

/** A group whose members sit on every server. */
export function runGroup(options: GroupOptions, say: (line: string) => void): Promise<GroupReport> {
  const startedAt = new Date().toISOString();
  return withArm(WARREN_ARM, { nodes: options.nodes }, async (running) => {
    const holder = new Holder();
    try {
      const { users, channels } = await running.people(options.members, options.members);
      await holder.open({ dialect: running.dialect, users, atOnce: 20 });
      const said = Array.from({ length: Math.ceil(options.messages / 2) }, () => channels[0] as HeldChannel);
      await talk(holder, { said: said.slice(0, 1), underWay: 1 });
      const oneAtATime = await countAmqp(running, { holder, said, underWay: 1 });
      say(`one at a time: ${oneAtATime.toFixed(2)} AMQP messages per group message`);
      const hundredUnderWay = await countAmqp(running, { holder, said, underWay: 100 });
      say(`a hundred under way: ${hundredUnderWay.toFixed(2)}`);
      return { machine: describeMachine(), startedAt, options, oneAtATime, hundredUnderWay };
    } finally {
      holder.end();
    }
  });
}

interface Talking {
  readonly said: readonly HeldChannel[];
  readonly underWay: number;
}

async function countAmqp({ cluster }: RunningWarren, { holder, ...talking }: Talking & { readonly holder: Holder }): Promise<number> {
  await pause(STATISTICS_MS);
  const before = await publishedMessages(cluster);
  await talk(holder, talking);
  await pause(STATISTICS_MS);
  return ((await publishedMessages(cluster)) - before) / (2 * talking.said.length);
}

async function talk(holder: Holder, { said, underWay }: Talking): Promise<void> {
  assertWhole(await holder.talk(said, { underWay }));
}
