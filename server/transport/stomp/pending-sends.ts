import type { ChatEvent } from '../../../shared/domain/events.js';
import type { UserId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import type { AckFrame, ErrorFrame } from '../../../shared/protocol/frames.js';
import type { ServerStompFrame } from './encode.js';
import { eventOf, type Draft } from './send-frame.js';

interface Pending {
  readonly draft: Draft;
  readonly receipt: string | undefined;
}

const MAX_PENDING = 1_000;

/** SENDs that are not acknowledged yet, by client id: the receipt, and what the sender's own subscriptions are told, wait for that. */
export class PendingSends {
  readonly #byClientId = new Map<string, Pending[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @throws ChatError OVERLOADED */
  add(draft: Draft, receipt: string | undefined): void {
    if (this.#size >= MAX_PENDING) throw new ChatError('OVERLOADED', { details: { retryAfterMs: 500 } });
    this.#size += 1;
    const same = this.#byClientId.get(draft.clientId);
    if (same === undefined) this.#byClientId.set(draft.clientId, [{ draft, receipt }]);
    else same.push({ draft, receipt });
  }

  /** What follows from the ack: the event, and the receipt where one was asked for. */
  acknowledge(ack: AckFrame, senderId: UserId): { readonly event: ChatEvent; readonly receipt: ServerStompFrame | undefined } | undefined {
    const pending = this.#take(ack.clientId);
    if (pending === undefined) return undefined;
    const receipt = pending.receipt === undefined ? undefined : receiptOf(pending.receipt, ack);
    return { event: eventOf(pending.draft, ack, senderId), receipt };
  }

  /** The receipt that the refused SEND asked for, if it did. */
  refuse(frame: ErrorFrame): string | undefined {
    return frame.clientId === undefined ? undefined : this.#take(frame.clientId)?.receipt;
  }

  #take(clientId: string): Pending | undefined {
    const same = this.#byClientId.get(clientId);
    const pending = same?.shift();
    if (pending !== undefined) this.#size -= 1;
    if (same?.length === 0) this.#byClientId.delete(clientId);
    return pending;
  }
}

function receiptOf(receipt: string, ack: AckFrame): ServerStompFrame {
  const { id, messageId, clientId, channelId, createdAt } = ack;
  return {
    command: 'RECEIPT',
    headers: {
      'receipt-id': receipt,
      'message-id': messageId ?? id,
      'event-id': id,
      'client-id': clientId,
      'channel-id': channelId,
      'created-at': createdAt,
    },
  };
}
