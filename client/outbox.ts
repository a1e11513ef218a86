import type { ChannelId, ClientId, EventId, MessageId } from '../shared/domain/ids.js';
import type { AckFrame, CommandFrame, ErrorFrame } from '../shared/protocol/frames.js';
import { errorFromFrame, WarrenError } from './errors.js';
import { byteLength } from './frame-batch.js';
import type { Link } from './link.js';
import type { Schedule } from './schedule.js';
import type { Keep } from './storage.js';

/** Durable on the server: it survives the death of any one process there. */
export interface Acked {
  readonly channelId: ChannelId;
  /** The event's id. */
  readonly id: EventId;
  readonly messageId: MessageId;
}

export interface Sending {
  readonly clientId: ClientId;
  /** Rejects with WarrenError when it was refused for good, was discarded, or the client was closed before an answer came. */
  readonly acked: Promise<Acked>;
}

export interface OutboxOptions {
  readonly schedule: Schedule;
  readonly keep: Keep;
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** An answer that takes longer than this is late; ms. */
  readonly lateAckMs: number;
  readonly ackTimeoutMs: number;
  readonly link: () => Link | undefined;
  readonly events: OutboxEvents;
}

export interface OutboxEvents {
  /** No answer yet: is anybody there? */
  onLateAck(link: Link): void;
  /** No answer in time: the connection is not trusted any more. */
  onAckTimeout(link: Link): void;
  onAcked(frame: CommandFrame, ack: AckFrame): void;
  onRefused(frame: CommandFrame, error: WarrenError): void;
}

interface Entry {
  readonly frame: CommandFrame;
  readonly seq: number;
  readonly bytes: number;
  readonly resolve: (acked: Acked) => void;
  readonly reject: (error: WarrenError) => void;
  /** It may have reached a server before. */
  sent: boolean;
  attempts: number;
  /** Where its answer is awaited. */
  link: Link | undefined;
  /** Refused for now: `told` until a time that the server named, `guessing` until one of this device's own choice. */
  paused: 'no' | 'told' | 'guessing';
  cancelTimer: () => void;
}

export const OUTBOX_PREFIX = 'outbox.';
/** A device waits with few commands, and none of them is urgent to the server: it may ask every other second for as long as it takes. */
const BACKOFF = { baseMs: 500, capMs: 4_000 };

/**
 * What this device has written and has no ack for. In each channel one command is under way at a time, so that an earlier one that is refused for now
 * cannot be overtaken by a later one; channels do not wait for each other. The same clientId is sent until there is an answer.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<ClientId, Entry>();
  readonly #queues = new Map<ChannelId, Entry[]>();
  #bytes = 0;
  #seq = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @throws WarrenError OUTBOX_FULL; then nothing was taken. */
  add(frame: CommandFrame): Sending {
    const text = JSON.stringify(frame);
    const bytes = byteLength(text);
    const { maxEntries, maxBytes, keep } = this.#options;
    if (this.#entries.size >= maxEntries || this.#bytes + bytes > maxBytes) {
      throw new WarrenError('OUTBOX_FULL', 'Too much is waiting to be sent', {
        details: { entries: this.#entries.size, bytes: this.#bytes },
      });
    }
    const seq = ++this.#seq;
    keep.set(OUTBOX_PREFIX + frame.clientId, JSON.stringify({ seq, frame }));
    const sending = this.#enqueue({ frame, seq, bytes, sent: false });
    this.pump();
    return sending;
  }

  /** What an earlier life of this device left behind; answers the frames in their order. */
  restore(kept: ReadonlyMap<string, string>): readonly CommandFrame[] {
    const found = [...kept]
      .flatMap(([key, text]) => (key.startsWith(OUTBOX_PREFIX) ? readKept(text) : []))
      .filter(({ frame }) => !this.has(frame.clientId));
    found.sort((a, b) => a.seq - b.seq);
    for (const { seq, frame, bytes } of found) {
      this.#seq = Math.max(this.#seq, seq);
      this.#enqueue({ frame, seq, bytes, sent: true });
    }
    return found.map(({ frame }) => frame);
  }

  /** Sends what may be sent now. */
  pump(): void {
    for (const queue of this.#queues.values()) this.#sendHead(queue);
  }

  acknowledge(ack: AckFrame): void {
    const entry = this.#entries.get(ack.clientId);
    if (entry?.frame.channelId !== ack.channelId) return;
    this.#remove(entry);
    this.#options.events.onAcked(entry.frame, ack);
    entry.resolve({ channelId: ack.channelId, id: ack.id, messageId: ack.messageId ?? ack.id });
    this.#sendNext(ack.channelId);
    this.#stopGuessing();
  }

  /** The command itself was seen among the channel's events: that is as good as its ack, and it came another way. False when it is not here. */
  settle(seen: Acked & { readonly clientId: ClientId }): boolean {
    const entry = this.#entries.get(seen.clientId);
    if (entry?.frame.channelId !== seen.channelId) return false;
    this.#remove(entry);
    entry.resolve({ channelId: seen.channelId, id: seen.id, messageId: seen.messageId });
    this.#sendNext(seen.channelId);
    return true;
  }

  has(clientId: ClientId): boolean {
    return this.#entries.has(clientId);
  }

  /** False when the error is not about anything here. */
  refuse(frame: ErrorFrame): boolean {
    const entry = frame.clientId === undefined ? undefined : this.#entries.get(frame.clientId);
    if (entry === undefined) return false;
    const error = errorFromFrame(frame);
    if (error.temporary) this.#pause(entry, error);
    else this.#giveUp(entry, error);
    return true;
  }

  /** The link is gone: what it did not answer goes again. */
  lost(link: Link): void {
    for (const entry of this.#entries.values()) {
      if (entry.link !== link) continue;
      entry.link = undefined;
      entry.cancelTimer();
    }
    this.pump();
  }

  /** False when it is not here (any more). */
  discard(clientId: ClientId): boolean {
    const entry = this.#entries.get(clientId);
    if (entry === undefined) return false;
    this.#remove(entry);
    entry.reject(new WarrenError('DISCARDED', 'It was taken back before it was acknowledged'));
    this.#sendNext(entry.frame.channelId);
    return true;
  }

  /** Takes everything back, in storage too. */
  clear(): void {
    for (const clientId of [...this.#entries.keys()]) this.discard(clientId);
  }

  /** Rejects everything with the error. What is kept in storage stays for the next life. */
  close(error: WarrenError): void {
    for (const entry of this.#entries.values()) {
      entry.cancelTimer();
      entry.reject(error);
    }
    this.#entries.clear();
    this.#queues.clear();
    this.#bytes = 0;
  }

  #enqueue(item: Pick<Entry, 'frame' | 'seq' | 'bytes' | 'sent'>): Sending {
    const { clientId, channelId } = item.frame;
    const acked = new Promise<Acked>((resolve, reject) => {
      const waiting = { attempts: 0, link: undefined, paused: 'no' as const, cancelTimer: () => undefined };
      const entry: Entry = { ...item, ...waiting, resolve, reject };
      this.#entries.set(clientId, entry);
      this.#queues.set(channelId, [...(this.#queues.get(channelId) ?? []), entry]);
    });
    // Whoever does not look at `acked` sees the failure on the screen; it is no unhandled rejection.
    acked.catch(() => undefined);
    this.#bytes += item.bytes;
    return { clientId, acked };
  }

  #sendNext(channelId: ChannelId): void {
    const queue = this.#queues.get(channelId);
    if (queue !== undefined) this.#sendHead(queue);
  }

  #sendHead(queue: readonly Entry[]): void {
    const [entry] = queue;
    const link = this.#options.link();
    if (entry === undefined || link === undefined || entry.link !== undefined || entry.paused !== 'no') return;
    link.write(entry.sent ? { ...entry.frame, resend: true } : entry.frame);
    entry.sent = true;
    entry.link = link;
    this.#await(entry, link);
  }

  #await(entry: Entry, link: Link): void {
    const { schedule, lateAckMs, ackTimeoutMs, events } = this.#options;
    entry.cancelTimer = schedule.after(lateAckMs, () => {
      entry.cancelTimer = schedule.after(ackTimeoutMs - lateAckMs, () => events.onAckTimeout(link));
      events.onLateAck(link);
    });
  }

  #pause(entry: Entry, error: WarrenError): void {
    const { schedule } = this.#options;
    entry.cancelTimer();
    entry.link = undefined;
    entry.paused = error.retryAfterMs === undefined ? 'guessing' : 'told';
    const waitMs = Math.max(error.retryAfterMs ?? 0, schedule.jitter(entry.attempts, BACKOFF));
    entry.attempts += 1;
    entry.cancelTimer = schedule.after(waitMs, () => {
      entry.paused = 'no';
      this.#sendNext(entry.frame.channelId);
    });
  }

  /** The server takes commands again: whatever waited for that goes now. */
  #stopGuessing(): void {
    for (const queue of this.#queues.values()) {
      const [entry] = queue;
      if (entry?.paused !== 'guessing') continue;
      entry.cancelTimer();
      entry.paused = 'no';
      this.#sendHead(queue);
    }
  }

  #giveUp(entry: Entry, error: WarrenError): void {
    this.#remove(entry);
    this.#options.events.onRefused(entry.frame, error);
    entry.reject(error);
    this.#sendNext(entry.frame.channelId);
  }

  #remove(entry: Entry): void {
    const { clientId, channelId } = entry.frame;
    entry.cancelTimer();
    this.#entries.delete(clientId);
    this.#bytes -= entry.bytes;
    this.#options.keep.delete(OUTBOX_PREFIX + clientId);
    const rest = (this.#queues.get(channelId) ?? []).filter((other) => other !== entry);
    if (rest.length === 0) this.#queues.delete(channelId);
    else this.#queues.set(channelId, rest);
  }
}

function readKept(text: string): { readonly seq: number; readonly frame: CommandFrame; readonly bytes: number }[] {
  try {
    const kept = JSON.parse(text) as { readonly seq: number; readonly frame: CommandFrame };
    return typeof kept.frame.clientId === 'string' ? [{ ...kept, bytes: byteLength(JSON.stringify(kept.frame)) }] : [];
  } catch {
    return [];
  }
}
