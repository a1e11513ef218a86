import type { BusConsumer, BusPublisher } from '../../shared/ports/index.js';
import type { Inbox } from '../support/inbox.js';

export interface BusUnderTest {
  readonly publisher: BusPublisher;
  readonly consumer: BusConsumer;
}

/** A bus with two partitions and nothing on it. */
export interface BusWorld {
  /** The bus as another process sees it. */
  open(): Promise<BusUnderTest>;
  close(): Promise<void>;
}

export interface BusWorldOptions {
  /** Bound of a partition and of a server's queue. */
  readonly queueBytes: number;
}

export type MakeBusWorld = (options: BusWorldOptions) => Promise<BusWorld>;
export type Handed = readonly [partition: number, batches: readonly string[]];
type Settlement = Promise<{ readonly poison: readonly number[] }>;

export const ROOMY: BusWorldOptions = { queueBytes: 10 * 1024 * 1024 };
export const NO_POISON = { poison: [] };

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

export function collectInto(inbox: Inbox<Handed>) {
  return (partition: number, batches: readonly Uint8Array[]): Settlement => {
    inbox.add([partition, batches.map(text)]);
    return Promise.resolve(NO_POISON);
  };
}

export function spreadInto(inbox: Inbox<string>) {
  return (_partition: number, batches: readonly Uint8Array[]): Settlement => {
    for (const batch of batches) inbox.add(text(batch));
    return Promise.resolve(NO_POISON);
  };
}

export function resolveInto(inbox: Inbox<string>) {
  return (envelope: Uint8Array): Promise<void> => {
    inbox.add(text(envelope));
    return Promise.resolve();
  };
}

export function receiveInto(inbox: Inbox<string>): { onEnvelope: (envelope: Uint8Array) => Promise<void>; onInterrupted: () => void } {
  return { onEnvelope: resolveInto(inbox), onInterrupted: () => undefined };
}
