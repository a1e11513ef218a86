import { LINE_FEED } from './lines.js';

/**
 * The first line of a batch, which one AMQP message to a persist partition carries; the others are events, their bytes those that the sockets
 * get. Its producer (a pipeline's life) numbers its batches per partition, and names those whose events have all been put into the recent
 * window since it last did, so that the archiver need not ask the window for each event.
 */
export interface BatchHead {
  readonly type: 'batch';
  readonly producer: string;
  readonly number: number;
  readonly appended: readonly number[];
}

export function encodeBatchHead(head: BatchHead): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(head));
}

interface BatchLine {
  readonly type: string;
}

/** Bytes that are parsed as one text: a third of the cost of a parse per line, and V8 has to find fresh pages for a text twice as long. */
const TEXT_BYTES = 64 * 1024;

/** The lines of a batch, parsed. Throws SyntaxError. */
export function parseBatch(bytes: Uint8Array): readonly BatchLine[] {
  if (bytes.length <= TEXT_BYTES) return parseLines(bytes);
  const lines: BatchLine[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = endOfLines(bytes, start);
    for (const line of parseLines(bytes.subarray(start, end))) lines.push(line);
    start = end + 1;
  }
  return lines;
}

/** The head of a batch; undefined when it has none or its first line cannot be read. */
export function readBatchHead(bytes: Uint8Array): BatchHead | undefined {
  const end = bytes.indexOf(LINE_FEED);
  try {
    const [first] = parseLines(end === -1 ? bytes : bytes.subarray(0, end));
    return isHead(first) ? first : undefined;
  } catch {
    return undefined;
  }
}

function isHead(line: BatchLine | undefined): line is BatchHead {
  return line?.type === 'batch' && 'appended' in line && Array.isArray(line.appended);
}

/** The end of the last line that ends within a text's bytes from `start`, or of the first one. */
function endOfLines(bytes: Uint8Array, start: number): number {
  const full = start + TEXT_BYTES;
  if (full >= bytes.length) return bytes.length;
  const last = bytes.lastIndexOf(LINE_FEED, full);
  if (last > start) return last;
  const next = bytes.indexOf(LINE_FEED, full);
  return next === -1 ? bytes.length : next;
}

function parseLines(bytes: Uint8Array): readonly BatchLine[] {
  return JSON.parse(`[${decoder.decode(bytes).replaceAll('\n', ',')}]`) as readonly BatchLine[];
}

const decoder = new TextDecoder();

/**
 * Goes through a persist partition like a batch of events. When the archiver meets it, everything that had been confirmed before it
 * was sent is stored. `epoch` names the data set of the recent window that asks.
 */
export interface Barrier {
  readonly type: 'barrier';
  readonly epoch: string;
}

export function encodeBarrier(epoch: string): Uint8Array {
  const barrier: Barrier = { type: 'barrier', epoch };
  return new TextEncoder().encode(JSON.stringify(barrier));
}
