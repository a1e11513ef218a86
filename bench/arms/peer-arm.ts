import { join } from 'node:path';
import { ManagedProcess, type ProcessFolders } from '../../scripts/cluster/managed-process.js';
import { PortAllocator } from '../../scripts/cluster/ports.js';
import type { PrivateService } from '../../scripts/services/private-service.js';
import { probePort } from '../../scripts/services/probes.js';
import { cpuOfProcesses } from '../cluster/bench-cluster.js';
import type { CpuTime } from '../cluster/cpu.js';
import { residentBytes } from '../cluster/memory.js';
import type { DialectName, LoadPair, LoadUser } from '../load/protocol.js';
import { runLoad } from '../load/run-load.js';
import type { Arm, ArmName, LoadShape, Measurement, People, RunningChat } from './arm.js';
import { groupIndexes } from './groups.js';
import { Meter } from './measure.js';
import { clearPeerFolders, createService, type PeerFolders } from './peer-services.js';
import { ensurePeers, PEERS } from './peer-packages.js';

/** How one of the peers in `bench/peers` is run. */
export interface PeerSpec {
  readonly name: ArmName;
  readonly title: string;
  /** Below `bench/peers`. */
  readonly script: string;
  readonly dialect: DialectName;
  readonly services: readonly ('redis' | 'rabbitmq')[];
  /** Undefined: as many as the run asks for. */
  readonly nodes?: 1;
  readonly env?: Readonly<Record<string, string>>;
}

/** The same room for young objects as Warren's processes get (scripts/cluster/app-process.ts). */
const YOUNG_SPACE = '--max-semi-space-size=64';

export function peerArm(spec: PeerSpec): Arm<RunningChat> {
  return {
    name: spec.name,
    title: spec.title,
    start: async ({ nodes, folder }) => {
      await ensurePeers();
      const parts = await layOut(spec, { nodes: spec.nodes ?? nodes, place: await clearPeerFolders(folder) });
      return startPeer(spec, parts);
    },
  };
}

async function startPeer(spec: PeerSpec, parts: PeerParts): Promise<RunningChat> {
  const peer = new RunningPeer(spec, parts);
  try {
    await peer.start();
  } catch (error) {
    await peer.stop();
    throw error;
  }
  return peer;
}

interface PeerParts {
  readonly services: readonly PrivateService[];
  readonly nodes: readonly ManagedProcess[];
  readonly ports: readonly number[];
}

async function layOut(spec: PeerSpec, { nodes, place }: { readonly nodes: number; readonly place: PeerFolders }): Promise<PeerParts> {
  const allocator = new PortAllocator();
  const { data, folders } = place;
  const services: PrivateService[] = [];
  const env: Record<string, string> = { ...spec.env, NODE_ENV: 'production' };
  for (const product of spec.services) {
    const service = await createService(product, { allocator, folders, data: join(data, product) });
    services.push(service);
    env[product === 'redis' ? 'REDIS_URL' : 'AMQP_URL'] = service.url;
  }
  const ports: number[] = [];
  for (let n = 0; n < nodes; n++) ports.push(await allocator.take(spec.name, 0));
  return { services, ports, nodes: ports.map((port, n) => nodeProcess(spec, { folders, env, port, serverId: `server${n + 1}` })) };
}

interface NodePlan {
  readonly folders: ProcessFolders;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly serverId: string;
}

function nodeProcess(spec: PeerSpec, { folders, env, port, serverId }: NodePlan): ManagedProcess {
  return new ManagedProcess(
    {
      name: serverId,
      command: process.execPath,
      args: [YOUNG_SPACE, join(PEERS, spec.script)],
      env: { ...process.env, ...env, PORT: String(port), SERVER_ID: serverId },
      cwd: PEERS,
      healthy: () => probePort(port),
      healthyWithinMs: 30_000,
      stopWithinMs: 2_000,
    },
    folders,
  );
}

class RunningPeer implements RunningChat {
  readonly #spec: PeerSpec;
  readonly #parts: PeerParts;
  #users = 0;

  constructor(spec: PeerSpec, parts: PeerParts) {
    this.#spec = spec;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    for (const service of this.#parts.services) await service.start();
    await Promise.all(this.#parts.nodes.map((node) => node.start()));
  }

  async measure(shape: LoadShape): Promise<Measurement> {
    const { traffic, contentChars } = shape;
    const meter = new Meter({ cpu: () => this.cpu() });
    const times = { warmUpMs: shape.warmUpSeconds * 1000, measureMs: shape.seconds * 1000 };
    const plan = { dialect: this.#spec.dialect, pairs: this.#pairs(shape), traffic, contentChars, ...times };
    return meter.conclude(await runLoad(plan, meter));
  }

  get dialect(): DialectName {
    return this.#spec.dialect;
  }

  cpu(): ReadonlyMap<string, CpuTime> {
    return cpuOfProcesses([...this.#parts.services.flatMap((service) => service.processes), ...this.#parts.nodes]);
  }

  serverBytes(): number {
    return residentBytes(this.#parts.nodes);
  }

  people(count: number, channelSize: number): Promise<People> {
    const users = Array.from({ length: count }, (_, n) => this.#user(n));
    const channels = groupIndexes(count, channelSize).map((members) => ({ id: this.#newId(), members }));
    return Promise.resolve({ users, channels });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#parts.nodes.map((node) => node.stop()));
    for (const service of this.#parts.services) await service.stop();
  }

  #pairs({ pairs, channelsPerPair = 1 }: LoadShape): readonly LoadPair[] {
    return Array.from({ length: pairs }, (_, n) => ({
      channelIds: this.#newIds(channelsPerPair),
      sender: this.#user(n),
      receiver: this.#user(n + 1),
    }));
  }

  #user(n: number): LoadUser {
    const { ports } = this.#parts;
    const id = this.#newId();
    return { id, token: id, url: `ws://127.0.0.1:${ports[n % ports.length] ?? 0}` };
  }

  #newIds(count: number): readonly string[] {
    return Array.from({ length: count }, () => this.#newId());
  }

  /** As long as Warren's. */
  #newId(): string {
    return String((this.#users += 1)).padStart(13, '0');
  }
}
