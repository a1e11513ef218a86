import { closeSync, copyFileSync, mkdirSync, openSync, readSync, renameSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log is turned over at this size, and this many old ones are kept. */
export const LOG_LIMIT_BYTES = 20 * 1024 * 1024;
const KEPT = 2;
const TAIL_BYTES = 64 * 1024;

/** Opens the log for a child process to append to; the child keeps writing even when its supervisor is gone. */
export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, 'a', 0o600);
}

/** The bytes in the log, 0 when there is none. */
export function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Copies the log aside and empties it in place, because its writer holds it open: everything is opened for appending,
 * so the next line lands at the new beginning. Lines written between copy and cut are lost; logs here are for reading.
 */
export function rotateLog(path: string, limitBytes: number = LOG_LIMIT_BYTES): void {
  if (logSize(path) < limitBytes) return;
  for (let n = KEPT; n > 1; n--) {
    if (logSize(`${path}.${n - 1}`) > 0) renameSync(`${path}.${n - 1}`, `${path}.${n}`);
  }
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
}

/** The last lines of the log from the byte offset on. */
export function tailLog(path: string, options: { readonly lines: number; readonly from?: number }): readonly string[] {
  const size = logSize(path);
  const start = Math.max(options.from ?? 0, size - TAIL_BYTES);
  if (size <= start) return [];
  return readBytes(path, start, size - start)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-options.lines);
}

/** The text of `length` bytes at `start`. */
export function readBytes(path: string, start: number, length: number): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const read = readSync(file, buffer, 0, length, start);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}
