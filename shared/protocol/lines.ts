import type { WorkBytes } from './work-bytes.js';

/**
 * Several texts as one, a line feed between each two: events in a batch, frames in a message. JSON never contains one raw.
 * Uses Uint8Array only, so that it runs wherever the SDK does.
 */
export const LINE_FEED = 0x0a;

/** Of the lines together, in bytes. */
export function linesLength(lines: readonly Uint8Array[]): number {
  let length = Math.max(0, lines.length - 1);
  for (const line of lines) length += line.length;
  return length;
}

/** Copies the lines to a place with room for them. */
export function copyLines(lines: readonly Uint8Array[], into: Uint8Array, start: number): void {
  let at = start;
  let isFirst = true;
  for (const line of lines) {
    if (!isFirst) into[at++] = LINE_FEED;
    isFirst = false;
    into.set(line, at);
    at += line.length;
  }
}

/** The lines by themselves; the line, not a copy, where it is only one. `place` holds them only until it is asked for the next. */
export function joinLines(lines: readonly Uint8Array[], place?: WorkBytes): Uint8Array {
  if (lines.length === 1) return lines[0] as Uint8Array;
  const length = linesLength(lines);
  const joined = place?.take(length) ?? new Uint8Array(length);
  copyLines(lines, joined, 0);
  return joined;
}
