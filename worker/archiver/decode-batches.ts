import type { ChatEvent } from '../../shared/domain/events.js';
import { parseBatch, readBatchHead, type Barrier, type BatchHead } from '../../shared/protocol/event-batch.js';

/** A batch as it came, of which only the head has been read. */
export interface ComingBatch {
  readonly bytes: Uint8Array;
  /** Names the batch to its producer's notes; undefined when it has no head. */
  readonly key: string | undefined;
  /** Keys of earlier batches that are in the recent window. */
  readonly appended: readonly string[];
}

export interface BatchContent {
  readonly events: readonly ChatEvent[];
  /** Of the barriers in it. */
  readonly epochs: readonly string[];
}

export function openBatch(bytes: Uint8Array): ComingBatch {
  const head = readBatchHead(bytes);
  if (head === undefined) return { bytes, key: undefined, appended: [] };
  return { bytes, key: keyOf(head, head.number), appended: head.appended.map((number) => keyOf(head, number)) };
}

/** Throws SyntaxError for a batch that cannot be read. */
export function decodeBatch(bytes: Uint8Array): BatchContent {
  const events: ChatEvent[] = [];
  const epochs: string[] = [];
  for (const line of parseBatch(bytes)) {
    if (line.type === 'barrier') epochs.push((line as Barrier).epoch);
    else if (line.type !== 'batch') events.push(line as ChatEvent);
  }
  return { events, epochs };
}

function keyOf({ producer }: BatchHead, number: number): string {
  return `${producer} ${number}`;
}
