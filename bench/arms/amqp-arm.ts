import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PortAllocator } from '../../scripts/cluster/ports.js';
import type { PrivateService } from '../../scripts/services/private-service.js';
import type { FromLeg, LegPlan, LegRole, ToLeg } from '../amqp/protocol.js';
import { cpuOfProcesses } from '../cluster/bench-cluster.js';
import { cpuOfTree } from '../cluster/cpu.js';
import { clearPeerFolders, createService } from './peer-services.js';
import type { Arm, LoadShape, Measurement, RunningArm } from './arm.js';
import { addUp, type LegCounts } from './leg-counts.js';
import { Meter } from './measure.js';

const ALONE_MS = 1_000;
const SERVERS = ['server1', 'server2'] as const;

/** Two chat servers without sockets: what the broker and the way to it cost, and nothing else. They are their own load generators. */
export function amqpArm(kind: { readonly name: 'raw-amqp' | 'warren-amqp'; readonly title: string; readonly role: LegRole }): Arm {
  return {
    name: kind.name,
    title: kind.title,
    start: async ({ folder }) => {
      const { data, folders } = await clearPeerFolders(folder);
      const broker = await createService('rabbitmq', { allocator: new PortAllocator(), folders, data: join(data, 'rabbitmq') });
      await broker.start();
      return new RunningLegs(kind.role, broker);
    },
  };
}

class RunningLegs implements RunningArm {
  readonly #role: LegRole;
  readonly #broker: PrivateService;

  constructor(role: LegRole, broker: PrivateService) {
    this.#role = role;
    this.#broker = broker;
  }

  async measure(shape: LoadShape): Promise<Measurement> {
    if (shape.traffic.kind === 'open') throw new Error('this arm has no open loop');
    const beganAt = Date.now();
    const nodes = SERVERS.map((serverId) => new LegProcess(this.#plan(this.#role, { serverId, shape, beganAt })));
    const sinks = this.#role === 'warren' ? [new LegProcess(this.#plan('sink', { serverId: 'server1', shape, beganAt }))] : [];
    try {
      await Promise.all([...nodes, ...sinks].map((node) => node.ready()));
      const measurement = await this.#run(shape, { nodes, sinks });
      return { ...measurement, loadMicros: await this.#loadMicros(shape) };
    } finally {
      for (const child of [...nodes, ...sinks]) child.end();
    }
  }

  stop(): Promise<void> {
    return this.#broker.stop();
  }

  async #run(shape: LoadShape, { nodes, sinks }: { readonly nodes: LegProcess[]; readonly sinks: LegProcess[] }): Promise<Measurement> {
    const cpuOf = (children: readonly LegProcess[]) =>
      children.map((child) => child.cpu()).reduce((a, b) => ({ userMs: a.userMs + b.userMs, systemMs: a.systemMs + b.systemMs }));
    const meter = new Meter({
      cpu: () =>
        new Map([
          ...cpuOfProcesses(this.#broker.processes),
          ['server', cpuOf(nodes)],
          ...(sinks.length === 0 ? [] : ([['archiver', cpuOf(sinks)]] as const)),
        ]),
    });
    for (const node of nodes) node.tell({ type: 'go' });
    await pause(shape.warmUpSeconds * 1000);
    meter.measuring();
    const began = performance.now();
    for (const node of nodes) node.tell({ type: 'begin' });
    await pause(shape.seconds * 1000);
    const counting = nodes.map((node) => node.ask({ type: 'end' }, 'counts'));
    const counts = await Promise.all(counting);
    const seconds = (performance.now() - began) / 1000;
    meter.measured();
    const drained = await Promise.all(nodes.map((node) => node.ask({ type: 'drain' }, 'drained')));
    return meter.conclude(
      addUp(
        counts.map(({ counts: one }): LegCounts => one),
        { seconds, drained },
      ),
    );
  }

  /** What a process of the arm takes for making and checking a message, which is part of its figure: that of one without a broker, by itself. */
  async #loadMicros(shape: LoadShape): Promise<number> {
    const plan = this.#plan('alone', { serverId: SERVERS[0], shape, beganAt: Date.now() });
    const alone = new LegProcess({ ...plan, otherServerId: plan.serverId });
    const busyMs = (): number => {
      const { userMs, systemMs } = alone.cpu();
      return userMs + systemMs;
    };
    try {
      await alone.ready();
      alone.tell({ type: 'go' });
      await pause(ALONE_MS);
      alone.tell({ type: 'begin' });
      const before = busyMs();
      await pause(ALONE_MS);
      const used = busyMs() - before;
      const { counts } = await alone.ask({ type: 'end' }, 'counts');
      return (used * 1000) / counts.delivered;
    } finally {
      alone.end();
    }
  }

  #plan(role: LegRole, parts: { readonly serverId: string; readonly shape: LoadShape; readonly beganAt: number }): LegPlan {
    const { serverId, shape, beganAt } = parts;
    const { url } = this.#broker;
    const otherServerId = SERVERS.find((id) => id !== serverId) ?? '';
    const inFlight = shape.traffic.kind === 'closed' ? shape.traffic.inFlight : 1;
    return { role, url, serverId, otherServerId, pairs: shape.pairs / 2, inFlight, contentChars: shape.contentChars, beganAt };
  }
}

/** A forked `amqp/main.ts`. */
class LegProcess {
  readonly #child: ChildProcess;
  readonly #plan: LegPlan;

  constructor(plan: LegPlan) {
    this.#plan = plan;
    const execArgv = ['--max-semi-space-size=64', '--import', 'tsx'];
    this.#child = fork(fileURLToPath(new URL('../amqp/main.ts', import.meta.url)), { execArgv });
  }

  async ready(): Promise<void> {
    await this.ask({ type: 'plan', plan: this.#plan }, 'ready');
  }

  cpu(): ReturnType<typeof cpuOfTree> {
    return cpuOfTree(this.#child.pid ?? 0);
  }

  tell(message: ToLeg): void {
    this.#child.send(message);
  }

  ask<Type extends FromLeg['type']>(message: ToLeg, type: Type): Promise<Extract<FromLeg, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a process of the AMQP arm ended with ${code ?? 'a signal'}`));
      const listen = (answer: FromLeg): void => {
        if (answer.type !== type) return;
        this.#child.off('message', listen);
        this.#child.off('exit', ended);
        resolve(answer as Extract<FromLeg, { type: Type }>);
      };
      this.#child.on('message', listen);
      this.#child.once('exit', ended);
      this.tell(message);
    });
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
