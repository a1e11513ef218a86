import type { MessageId } from '../shared/domain/ids.js';
import type { Entry } from './timeline-entry.js';

/**
 * Entries sorted by message id, as runs of at most `RUN` each. Nothing is changed in place: a change copies one run and the list of runs, so
 * that an event costs the same on a screen of twenty thousand messages as on one of fifty.
 */
export interface EntryList {
  readonly runs: readonly (readonly Entry[])[];
  readonly length: number;
}

const RUN = 128;

export const NO_ENTRIES: EntryList = { runs: [], length: 0 };

export function findEntry(list: EntryList, id: MessageId): Entry | undefined {
  const run = list.runs[runOf(list, id)] ?? [];
  const entry = run[indexIn(run, id)];
  return entry?.message.id === id ? entry : undefined;
}

export function firstEntry(list: EntryList): Entry | undefined {
  return list.runs[0]?.[0];
}

export function entriesOf(list: EntryList): readonly Entry[] {
  return list.runs.flat();
}

/** Into its place, in place of the one with its id. */
export function putEntry(list: EntryList, entry: Entry): EntryList {
  const { id } = entry.message;
  const n = runOf(list, id);
  const run = list.runs[n];
  if (run === undefined) return { runs: [...list.runs, [entry]], length: list.length + 1 };
  const at = indexIn(run, id);
  if (run[at]?.message.id === id) return { ...list, runs: replaced(list.runs, n, [replaced(run, at, [entry])]) };
  const length = list.length + 1;
  // Nearly always at the end of everything: then what is full stays whole.
  if (run.length === RUN && at === RUN) return { runs: inserted(list.runs, n + 1, [entry]), length };
  const grown = inserted(run, at, entry);
  const parts = grown.length > RUN ? [grown.slice(0, RUN / 2), grown.slice(RUN / 2)] : [grown];
  return { runs: replaced(list.runs, n, parts), length };
}

export function mapEntries(list: EntryList, change: (entry: Entry) => Entry): EntryList {
  return { ...list, runs: list.runs.map((run) => run.map(change)) };
}

/** Without the first `count`. */
export function dropFirstEntries(list: EntryList, count: number): EntryList {
  let whole = 0;
  let left = Math.min(count, list.length);
  const length = list.length - left;
  for (; left > 0 && left >= (list.runs[whole]?.length ?? Infinity); whole++) left -= list.runs[whole]?.length ?? 0;
  const runs = list.runs.slice(whole);
  const [first] = runs;
  if (left > 0 && first !== undefined) runs[0] = first.slice(left);
  return { runs, length };
}

/** The first run that does not end before the id; else the last one. */
function runOf({ runs }: EntryList, id: MessageId): number {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.at(-1)?.message.id ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the id is, or would be. */
function indexIn(run: readonly Entry[], id: MessageId): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((run[middle] as Entry).message.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Not `with` and `toSpliced`, which take a look-up for every element: 70 ns each in Node 20, against six for these. */

function replaced<Item>(items: readonly Item[], at: number, by: readonly Item[]): Item[] {
  const copy = items.slice();
  copy.splice(at, 1, ...by);
  return copy;
}

function inserted<Item>(items: readonly Item[], at: number, item: Item): Item[] {
  const copy = items.slice();
  copy.splice(at, 0, item);
  return copy;
}
