import { createReadStream, createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { HistoryRecord } from './records.js';

/** Writes records as JSON lines, in the order in which they are given. */
export class HistoryWriter {
  readonly #stream: WriteStream;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#stream = createWriteStream(path);
  }

  write(record: HistoryRecord): void {
    this.#stream.write(`${JSON.stringify(record)}\n`);
  }

  /** Resolves when everything is in the file. */
  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.once('error', reject);
      this.#stream.end(() => resolve());
    });
  }
}

/** All records of the files, ascending by time. */
export async function readRecords(paths: readonly string[]): Promise<HistoryRecord[]> {
  const records: HistoryRecord[] = [];
  for (const path of paths) {
    for await (const line of createInterface({ input: createReadStream(path) })) records.push(JSON.parse(line) as HistoryRecord);
  }
  return records.sort((a, b) => a.t - b.t);
}
