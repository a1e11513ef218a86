import type { CpuTime } from '../cluster/cpu.js';
import type { HeldChannel } from '../holders/protocol.js';
import type { DialectName, LoadResult, LoadUser, Traffic } from '../load/protocol.js';

/** One visit of the load generator. */
export interface LoadShape {
  readonly pairs: number;
  /** Messages of a pair go round this many channels; 1 where it is left out. */
  readonly channelsPerPair?: number;
  readonly traffic: Traffic;
  readonly contentChars: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What came of a visit. CPU is in microseconds per delivered message, from the operating system's accounting. */
export interface Measurement extends LoadResult {
  readonly deliveredPerSecond: number;
  /** By part of the system: `server`, `redis`, … */
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** All parts together, without the load generator. */
  readonly systemMicros: number;
  /** Of an arm that is its own load generator: what its making and checking of a message takes alone, which is part of its figure. */
  readonly loadMicros: number;
  /** How busy the load generator's one thread was, of 1. */
  readonly loadBusy: number;
  /** What everything else on the machine used meanwhile, its host included, of all cores. */
  readonly neighbours: number;
  /** Messages that reached the durable store in the measured time, of those delivered; only where there is a store. */
  readonly stored?: number | undefined;
}

export const ARM_NAMES = [
  'warren',
  'socketio-redis',
  'socketio-sharded',
  'socketio-streams',
  'plain-ws',
  'literal',
  'warren-amqp',
  'raw-amqp',
] as const;
export type ArmName = (typeof ARM_NAMES)[number];

export interface ArmOptions {
  readonly nodes: number;
  /** For data and logs of its processes; no other bench uses it meanwhile. */
  readonly folder: string;
  /** Whether Warren runs as it was built or from its sources, which is slower to start. */
  readonly runtime: 'dist' | 'source';
}

/** A system under test. */
export interface Arm<Running extends RunningArm = RunningArm> {
  readonly name: ArmName;
  readonly title: string;
  /** With services, ports and empty data of its own; resolves when it takes load. */
  start(options: ArmOptions): Promise<Running>;
}

export interface RunningArm {
  measure(shape: LoadShape): Promise<Measurement>;
  stop(): Promise<void>;
}

/** One that takes connections of people. */
export interface RunningChat extends RunningArm {
  readonly dialect: DialectName;
  /** New people in channels of `channelSize`, the n-th at the n-th server in turn; a rest that fills no channel is in none. */
  people(count: number, channelSize: number): Promise<People>;
  /** CPU time by part since its processes began. */
  cpu(): ReadonlyMap<string, CpuTime>;
  /** Resident memory of all chat servers together. */
  serverBytes(): number;
}

export interface People {
  readonly users: readonly LoadUser[];
  readonly channels: readonly HeldChannel[];
}
