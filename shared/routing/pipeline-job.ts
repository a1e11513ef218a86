import type { EventId } from '../domain/ids.js';
import { toChatError, type ChatError } from '../errors/chat-error.js';
import type { Reservation } from '../ports/index.js';
import type { Committed, EventDraft } from './event-draft.js';
import type { Held } from './near-cache.js';
import type { ChannelMembers } from './routing-caches.js';

/** Who is told what became of a draft; exactly one of the two is called, once. */
export interface CommitListener {
  committed(committed: Committed): void;
  failed(error: ChatError): void;
}

const NO_BYTES = new Uint8Array(0);

/** A draft on its way. */
export class Job {
  readonly key: string;
  readonly draft: EventDraft;
  tries = 0;
  proposed = '' as EventId;
  /** The data set in which its id was reserved. */
  epoch = '';
  /** The id under which (sender, clientId) was reserved before: the draft travels again. */
  again: EventId | undefined;
  /** Of its channel, as the cache knew them when it came. */
  members: Held<ChannelMembers> | undefined = undefined;
  committed: Committed | undefined = undefined;
  bytes: Uint8Array = NO_BYTES;
  readonly #onSettled: (job: Job) => void;
  readonly #listener: CommitListener;
  /** The same command, given again while this one was under way. */
  #others: CommitListener[] | undefined;

  constructor(key: string, draft: EventDraft, settling: { readonly listener: CommitListener; readonly onSettled: (job: Job) => void }) {
    this.key = key;
    this.draft = draft;
    this.again = draft.again;
    this.#listener = settling.listener;
    this.#onSettled = settling.onSettled;
  }

  addListener(listener: CommitListener): void {
    (this.#others ??= []).push(listener);
  }

  resolve(committed: Committed): void {
    this.#onSettled(this);
    this.#listener.committed(committed);
    if (this.#others !== undefined) for (const listener of this.#others) listener.committed(committed);
  }

  reject(error: ChatError): void {
    this.#onSettled(this);
    this.#listener.failed(error);
    if (this.#others !== undefined) for (const listener of this.#others) listener.failed(error);
  }
}

export function toReservation(job: Job): Reservation {
  const { channelId, senderId, clientId } = job.draft;
  return { channelId, senderId, clientId, proposed: job.proposed, again: job.again !== undefined };
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
