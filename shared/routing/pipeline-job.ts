import type { EventId } from '../domain/ids.js';
import { toChatError, type ChatError } from '../errors/chat-error.js';
import type { Reservation } from '../ports/index.js';
import type { Committed, EventDraft } from './event-draft.js';

/** A draft on its way. */
export interface Job {
  readonly draft: EventDraft;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: ChatError) => void;
  tries: number;
  proposed: EventId;
  /** The data set in which its id was reserved. */
  epoch: string;
  /** The id under which (sender, clientId) was reserved before: the draft travels again. */
  again: EventId | undefined;
  committed: Committed | undefined;
  bytes: Uint8Array;
}

export function toReservation(job: Job): Reservation {
  const { channelId, senderId, clientId } = job.draft;
  return { channelId, senderId, clientId, proposed: job.proposed, ...(job.again === undefined ? {} : { again: true }) };
}

/** What a job has become; only asked once its event is made. */
export function committedOf(job: Job): Committed {
  if (job.committed === undefined) throw new TypeError('the job has no event yet');
  return job.committed;
}

/** In their order; nearly always all of them. */
export function groupByEpoch(jobs: readonly Job[]): ReadonlyMap<string, readonly Job[]> {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const group = groups.get(job.epoch);
    if (group === undefined) groups.set(job.epoch, [job]);
    else group.push(job);
  }
  return groups;
}

export function rejectAll(jobs: readonly Job[], error: unknown): void {
  for (const job of jobs) job.reject(toChatError(error));
}
