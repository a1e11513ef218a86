import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Arena } from './arena/arena.js';
import { seedPeople, type SeededPeople } from './arena/seed.js';
import { readStoredHistory } from './arena/stored-history.js';
import { checkRun } from './check/check.js';
import type { Verdict } from './check/verdict.js';
import { breakThings } from './faults/breaker.js';
import { until, wait } from './faults/fault.js';
import { planAlone, planFaults, planOnce } from './faults/schedule.js';
import { monotonicMs } from './history/clock.js';
import { HistoryWriter, readRecords } from './history/files.js';
import type { FaultRecord, Roster } from './history/records.js';
import { Fleet } from './load/fleet.js';
import type { ProveOptions } from './options.js';
import { readVersions } from './report/versions.js';
import { SeededRandom } from './random.js';

export interface ProveFolders {
  /** Data of the cluster; emptied first. */
  readonly cluster: string;
  /** Histories, roster and verdict stay here. */
  readonly histories: string;
}

export interface ProveHooks {
  readonly report: (line: string) => void;
  /** For whoever must be able to end everything half-way. */
  readonly onArena?: (stop: () => Promise<void>) => void;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly versions: Readonly<Record<string, string>>;
}

/** Undisturbed before the first fault and after the last one. */
const CALM_MS = 3_000;
const SETTLE_WITHIN_MS = 90_000;
const SYNC_WITHIN_MS = 60_000;
const PROGRESS_MS = 10_000;

/** Loads a cluster of its own, breaks it, waits until it is whole and quiet, and judges what the devices saw. */
export async function prove(options: ProveOptions, folders: ProveFolders, hooks: ProveHooks): Promise<Outcome> {
  rmSync(folders.histories, { recursive: true, force: true });
  const random = new SeededRandom(options.seed);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  hooks.onArena?.(stop);
  try {
    const arena = await Arena.open({
      folder: folders.cluster,
      nodes: options.nodes,
      report: hooks.report,
      onCreated: (cluster) => stops.push(() => cluster.stop()),
    });
    stops.push(() => arena.close());
    const target = { sqlUrl: arena.cluster.backing.urls.sql, jwtSecret: arena.secrets.jwtSecret };
    const people = await seedPeople(target, options, random.fork());
    const run = new Run({ options, arena, people, random, hooks, histories: folders.histories });
    stops.push(() => run.abandon());
    const versions = readVersions(arena.cluster.settings.root, await arena.broker.version());
    return { verdict: await run.carryOut(), versions };
  } finally {
    await stop();
  }
}

interface RunParts {
  readonly options: ProveOptions;
  readonly arena: Arena;
  readonly people: SeededPeople;
  readonly random: SeededRandom;
  readonly hooks: ProveHooks;
  readonly histories: string;
}

class Run {
  readonly #parts: RunParts;
  readonly #beganAt = monotonicMs();
  readonly #loadFiles: readonly string[];
  readonly #faultFile: string;
  #fleet: Fleet | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const file = (name: string): string => join(parts.histories, `history-${name}.jsonl`);
    this.#loadFiles = Array.from({ length: parts.options.loadProcesses }, (_, n) => file(`load${n + 1}`));
    this.#faultFile = file('faults');
  }

  async carryOut(): Promise<Verdict> {
    const { hooks, people } = this.#parts;
    const writer = new HistoryWriter(this.#faultFile);
    this.#fleet = await this.#launch();
    hooks.report(`  ${people.devices.length} devices in ${people.channels.length} channels are online`);
    const faults = await Promise.race([this.#breakUnderLoad(this.#fleet, writer), this.#fleet.lost]);
    const troubles = await this.#comeToRest(this.#fleet);
    hooks.report('  reading every history');
    const stored = await readStoredHistory(this.#parts.arena.url, people);
    const screens = await this.#fleet.sync(SYNC_WITHIN_MS);
    await this.#fleet.end();
    this.#fleet = undefined;
    await writer.close();
    const records = await readRecords([...this.#loadFiles, this.#faultFile]);
    const roster = this.#roster();
    this.#keep({ roster, faults, stored: [...stored] });
    return checkRun({ roster, records, faults, stored }, [...troubles, ...screens]);
  }

  /** Ends the load processes without waiting for anything. */
  abandon(): Promise<void> {
    this.#fleet?.kill();
    return Promise.resolve();
  }

  #now(): number {
    return Math.round((monotonicMs() - this.#beganAt) * 10) / 10;
  }

  #launch(): Promise<Fleet> {
    const { options, people, arena, random } = this.#parts;
    const plans = this.#loadFiles.map((historyPath, n) => ({
      seed: random.below(2 ** 31),
      beganAt: this.#beganAt,
      baseUrl: arena.url,
      rate: options.rate / options.loadProcesses,
      historyPath,
      devices: people.devices
        .map(({ session, channels }, d) => ({ d, session: JSON.stringify(session), channels }))
        .filter(({ d }) => d % options.loadProcesses === n),
    }));
    return Fleet.launch(plans);
  }

  async #breakUnderLoad(fleet: Fleet, writer: HistoryWriter): Promise<readonly FaultRecord[]> {
    const { options, arena, people, random, hooks } = this.#parts;
    const progress = setInterval(() => {
      const { sent, acked, told, online } = fleet.progress;
      hooks.report(`  ${seconds(this.#now())}  sent ${sent}, acknowledged ${acked}, received ${told}, online ${online}`);
    }, PROGRESS_MS);
    try {
      fleet.start();
      await wait(CALM_MS);
      const plan = (options.once ? planOnce : planFaults)(options.faults, random.fork());
      const faults = await breakThings({
        alone: planAlone(options.faults),
        plan,
        tools: {
          arena,
          fleet,
          devices: people.devices,
          random: random.fork(),
          now: () => this.#now(),
          write: (record) => writer.write(record),
        },
        onFault: ({ kind, target, from, healed }) =>
          hooks.report(`  ${seconds(from)}  ${kind}: ${target}, whole again after ${seconds(healed - from)}`),
        until: options.once ? Infinity : this.#now() + options.minutes * 60_000,
      });
      if (options.faults.length === 0) await wait(options.minutes * 60_000);
      await wait(CALM_MS);
      return faults;
    } finally {
      clearInterval(progress);
    }
  }

  /** Everything is whole; then every device has time to notice by itself what it missed. */
  async #comeToRest(fleet: Fleet): Promise<readonly string[]> {
    const { arena, people, hooks } = this.#parts;
    arena.heal();
    hooks.report(`  ${seconds(this.#now())}  the load ends; waiting until everything is quiet`);
    const closing = people.channels.map(({ id }) => ({
      d: people.devices.findIndex(({ channels }) => channels.includes(id)),
      ch: id,
    }));
    const troubles = await fleet.settle(SETTLE_WITHIN_MS, closing);
    await until('the archive being up to date', async () => (await arena.broker.countUnarchived()) === 0);
    return troubles;
  }

  #roster(): Roster {
    const { people } = this.#parts;
    return {
      devices: people.devices.map(({ user, session }) => ({ user, name: session.user.username })),
      channels: people.channels.map(({ id, members }) => ({ id, members })),
    };
  }

  #keep(rest: object): void {
    writeFileSync(join(this.#parts.histories, 'run.json'), `${JSON.stringify({ ...rest, options: this.#parts.options })}\n`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`.padStart(8);
}
