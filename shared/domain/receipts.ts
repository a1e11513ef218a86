import { NO_EVENT, type EventId } from './ids.js';
import type { Receipt } from './model.js';

export type Progress = Pick<Receipt, 'delivered' | 'read'>;

export const NO_PROGRESS: Progress = { delivered: NO_EVENT, read: NO_EVENT };

/** Both together, the further one each; what is read is delivered. */
export function mergeProgress(a: Progress, b: Progress): Progress {
  const read = later(a.read, b.read);
  return { delivered: later(later(a.delivered, b.delivered), read), read };
}

export function isSameProgress(a: Progress, b: Progress): boolean {
  return a.delivered === b.delivered && a.read === b.read;
}

function later(a: EventId, b: EventId): EventId {
  return a > b ? a : b;
}
