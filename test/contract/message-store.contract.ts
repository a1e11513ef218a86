import { describeApply } from './message-store-apply.js';
import { describeComments } from './message-store-comments.js';
import { describeReads } from './message-store-reads.js';
import type { OpenStore } from './message-fixtures.js';

/** What every MessageStore promises: how events change messages, what a comment does to its parent, what reads return. */
export function describeMessageStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    describeApply(open);
    describeComments(open);
    describeReads(open);
  });
}
