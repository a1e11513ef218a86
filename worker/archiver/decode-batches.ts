import type { ChatEvent } from '../../shared/domain/events.js';
import { parseBatch, type Barrier, type BatchHead } from '../../shared/protocol/event-batch.js';

export interface DecodedBatch {
  /** Names the batch to its producer's notes; undefined when it has no head. */
  readonly key: string | undefined;
  readonly events: readonly ChatEvent[];
  readonly bytes: number;
  /** Keys of earlier batches that are in the recent window. */
  readonly appended: readonly string[];
  /** Of the barriers in it. */
  readonly epochs: readonly string[];
}

/** Throws SyntaxError for a batch that cannot be read. */
export function decodeBatch(bytes: Uint8Array): DecodedBatch {
  const events: ChatEvent[] = [];
  const epochs: string[] = [];
  let head: BatchHead | undefined;
  for (const line of parseBatch(bytes)) {
    if (line.type === 'batch') head = line as BatchHead;
    else if (line.type === 'barrier') epochs.push((line as Barrier).epoch);
    else events.push(line as ChatEvent);
  }
  const appended = head === undefined ? [] : head.appended.map((number) => keyOf(head, number));
  return { key: head === undefined ? undefined : keyOf(head, head.number), events, bytes: bytes.length, appended, epochs };
}

function keyOf({ producer }: BatchHead, number: number): string {
  return `${producer} ${number}`;
}
