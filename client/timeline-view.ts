import type { MessageId } from '../shared/domain/ids.js';
import type { Attachment } from '../shared/domain/model.js';
import type { TimelineMessage } from './timeline-entry.js';

export interface SendOptions {
  readonly mentions?: readonly string[] | undefined;
  readonly parentId?: MessageId | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

/** A channel's messages, sorted; then those of this device that are not acknowledged. The array is a new one when anything changed. */
export interface TimelineView {
  readonly messages: readonly TimelineMessage[];
  /** `loadOlder` would find more. */
  readonly hasOlder: boolean;
  readonly opened: boolean;
}
