import { parseArgs } from 'node:util';
import type { FaultKind } from './faults/fault.js';
import { FAULT_KINDS } from './faults/kinds.js';

export interface ProveOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Actions a second of all devices together. */
  readonly rate: number;
  readonly users: number;
  readonly groups: number;
  readonly nodes: number;
  readonly loadProcesses: number;
  readonly faults: readonly FaultKind[];
  /** Every kind once, instead of at random until the time is over. */
  readonly once: boolean;
  readonly reportPath: string | undefined;
  readonly jsonPath: string | undefined;
}

export const USAGE = `npm run prove -- [options]
  --minutes M      how long faults go on (default 2)
  --seed S         decides workload and faults (default 1)
  --faults a,b     only these; 'all' (default), 'short' (all but those that only last longer) or 'none'
  --once           each of them once, however long it takes
  --rate N         commands and reads a second at most; devices that wait for answers give none (default 1500)
  --users N        people, with one to three devices each (default 30)
  --groups N       groups of three to six of them, besides direct messages (default 15)
  --nodes N        chat servers (default 3)
  --loads N        load processes (default 2)
  --report FILE    a page to read and to pass on
  --json FILE      the verdict as JSON
Faults: ${FAULT_KINDS.map(({ name }) => name).join(', ')}
Histories are kept in .warren/prove/<seed>. The exit code is 1 when a promise is broken.`;

/** @throws Error with a sentence for a person. Undefined when help is wanted. */
export function parseProveOptions(args: readonly string[]): ProveOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      faults: { type: 'string', default: 'all' },
      once: { type: 'boolean', default: false },
      rate: { type: 'string', default: '1500' },
      users: { type: 'string', default: '30' },
      groups: { type: 'string', default: '15' },
      nodes: { type: 'string', default: '3' },
      loads: { type: 'string', default: '2' },
      report: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    minutes: number('--minutes', values.minutes, { min: 0, max: 1_440 }),
    seed: number('--seed', values.seed, { min: 0, max: 4_294_967_295 }),
    rate: number('--rate', values.rate, { min: 1, max: 100_000 }),
    users: number('--users', values.users, { min: 3, max: 1_000 }),
    groups: number('--groups', values.groups, { min: 0, max: 1_000 }),
    nodes: number('--nodes', values.nodes, { min: 2, max: 16 }),
    loadProcesses: number('--loads', values.loads, { min: 1, max: 8 }),
    faults: chooseFaults(values.faults),
    once: values.once,
    reportPath: values.report,
    jsonPath: values.json,
  };
}

function number(name: string, value: string, range: { readonly min: number; readonly max: number }): number {
  const parsed = value.trim() === '' ? Number.NaN : Number(value);
  if (parsed >= range.min && parsed <= range.max) return parsed;
  throw new Error(`${name} takes a number from ${range.min} to ${range.max}, not ${value}`);
}

export function chooseFaults(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS;
  if (text === 'none') return [];
  if (text === 'short') return FAULT_KINDS.filter(({ short }) => short);
  return text.split(',').map((name) => {
    const found = FAULT_KINDS.find((kind) => kind.name === name.trim());
    if (found === undefined) throw new Error(`no fault ${name.trim()}; there are ${FAULT_KINDS.map((kind) => kind.name).join(', ')}`);
    return found;
  });
}
