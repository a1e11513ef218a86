import type { MessageStore } from '../ports/index.js';
import type { EventDraft } from './event-draft.js';
import type { Job } from './pipeline-job.js';
import { findStoredMessage } from './stored-duplicate.js';

/**
 * A resend may be older than the sequencer's memory, so the store is asked first. What the same sender sends to the same
 * channel meanwhile waits behind it, so that a look-up swaps no two messages.
 */
export class ResendLanes {
  readonly #deps: { readonly messages: Pick<MessageStore, 'findByClientId'> };
  readonly #forward: (job: Job) => void;
  readonly #lanes = new Map<string, Job[]>();

  constructor(deps: { readonly messages: Pick<MessageStore, 'findByClientId'> }, forward: (job: Job) => void) {
    this.#deps = deps;
    this.#forward = forward;
  }

  enter(job: Job): void {
    if (this.#lanes.size === 0 && !mayBeStored(job.draft)) {
      this.#forward(job);
      return;
    }
    const lane = `${job.draft.channelId}:${job.draft.senderId}`;
    const waiting = this.#lanes.get(lane);
    if (waiting !== undefined) waiting.push(job);
    else if (!mayBeStored(job.draft)) this.#forward(job);
    else {
      const jobs = [job];
      this.#lanes.set(lane, jobs);
      void this.#drain(lane, jobs);
    }
  }

  async #drain(lane: string, jobs: Job[]): Promise<void> {
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      const stored = mayBeStored(job.draft) ? await findStoredMessage(this.#deps, job.draft).catch(() => undefined) : undefined;
      if (stored === undefined) this.#forward(job);
      else job.resolve(stored);
      jobs.shift();
    }
    this.#lanes.delete(lane);
  }
}

function mayBeStored(draft: EventDraft): boolean {
  return draft.resend && draft.about === undefined;
}
