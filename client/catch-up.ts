import type { ChannelId } from '../shared/domain/ids.js';
import type { ErrorFrame, SyncedChannel, SyncedFrame } from '../shared/protocol/frames.js';
import { LIMITS } from '../shared/protocol/limits.js';
import type { Ask, Chain } from '../shared/protocol/chain.js';
import type { Link } from './link.js';
import type { Schedule } from './schedule.js';

export interface CatchUpOptions {
  readonly schedule: Schedule;
  readonly link: () => Link | undefined;
  /** Undefined when the channel is not known any more: then it is not asked for. */
  readonly chain: (channelId: ChannelId) => Chain | undefined;
  /** Takes an answer in; what the chain said about it. */
  readonly onAnswer: (reply: SyncedChannel, ask: Ask) => 'more' | 'done' | 'failed' | 'gone';
  readonly answerTimeoutMs: number;
}

interface Request {
  readonly link: Link;
  readonly asks: ReadonlyMap<ChannelId, Ask>;
  readonly cancelTimer: () => void;
}

const MAX_REQUESTS = 2;
/** Short at most: whoever is behind looks at an old screen, and a server that is busy says when to come back. */
const BACKOFF = { baseMs: 1_000, capMs: 5_000 };

/**
 * Asks for what this device has missed: all channels after a reconnect, one channel when a gap shows. Channels share requests, two of which are
 * under way at most; a channel is in one of them at a time. What is not answered is asked again, later and later.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #ready = new Set<ChannelId>();
  readonly #asking = new Set<ChannelId>();
  /** Something was missed while the channel was being asked for: once more. */
  readonly #again = new Set<ChannelId>();
  readonly #failures = new Map<ChannelId, number>();
  readonly #timers = new Map<ChannelId, () => void>();
  readonly #requests = new Map<string, Request>();
  #requestCount = 0;
  #pumpQueued = false;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Nothing is asked for or awaited (holes that wait for their time do not count). */
  get idle(): boolean {
    return this.#ready.size === 0 && this.#asking.size === 0 && this.#failures.size === 0;
  }

  /** From each channel's cursor on. */
  begin(channelIds: Iterable<ChannelId>): void {
    for (const channelId of channelIds) {
      if (this.#asking.has(channelId)) this.#again.add(channelId);
      else this.#beginOne(channelId);
    }
    this.#queuePump();
  }

  /** To be called when what a channel's chain wants by name has changed: it is asked for when its time comes. */
  watch(channelId: ChannelId): void {
    const blocked = this.#asking.has(channelId) || this.#ready.has(channelId) || this.#failures.has(channelId);
    if (blocked) return;
    this.#cancelTimer(channelId);
    const askAt = this.#options.chain(channelId)?.askAt;
    if (askAt === undefined) return;
    this.#setTimer(channelId, { ms: Math.max(0, askAt - this.#options.schedule.now()), run: () => this.#look(channelId) });
  }

  answer(frame: SyncedFrame): void {
    const request = this.#take(frame.requestId);
    if (request === undefined) return;
    const missing = new Set(request.asks.keys());
    for (const reply of frame.channels) {
      const ask = request.asks.get(reply.channelId);
      if (ask === undefined) continue;
      missing.delete(reply.channelId);
      this.#continue(reply.channelId, this.#options.onAnswer(reply, ask));
    }
    for (const channelId of missing) this.#continue(channelId, 'failed');
    this.#queuePump();
  }

  /** False when the error is not about a request of ours. */
  refuse(frame: ErrorFrame): boolean {
    const request = frame.requestId === undefined ? undefined : this.#take(frame.requestId);
    if (request === undefined) return false;
    for (const channelId of request.asks.keys()) this.#retryLater(channelId, frame.retryAfterMs ?? 0);
    this.#queuePump();
    return true;
  }

  /** Its answers will not come; after the next hello everything is asked for anyway. */
  lost(link: Link): void {
    for (const [requestId, request] of this.#requests) {
      if (request.link !== link) continue;
      this.#take(requestId);
      for (const channelId of request.asks.keys()) this.#beginOne(channelId);
    }
    this.#queuePump();
  }

  forget(channelId: ChannelId): void {
    this.#cancelTimer(channelId);
    for (const set of [this.#ready, this.#asking, this.#again]) set.delete(channelId);
    this.#failures.delete(channelId);
  }

  clear(): void {
    for (const channelId of [...this.#timers.keys()]) this.#cancelTimer(channelId);
    for (const requestId of [...this.#requests.keys()]) this.#take(requestId);
    for (const set of [this.#ready, this.#asking, this.#again]) set.clear();
    this.#failures.clear();
  }

  #beginOne(channelId: ChannelId): void {
    this.#cancelTimer(channelId);
    this.#options.chain(channelId)?.beginCatchUp();
    this.#ready.add(channelId);
  }

  #continue(channelId: ChannelId, outcome: 'more' | 'done' | 'failed' | 'gone'): void {
    if (outcome === 'gone') this.forget(channelId);
    else if (outcome === 'failed') this.#retryLater(channelId, 0);
    else {
      this.#failures.delete(channelId);
      if (outcome === 'more') this.#ready.add(channelId);
      else if (this.#again.delete(channelId)) this.#beginOne(channelId);
      else this.watch(channelId);
    }
  }

  /** What is missing is asked for by its name: reading everything after a cursor that it holds back, again and again, costs far more. */
  #look(channelId: ChannelId): void {
    if (this.#options.chain(channelId)?.wantsAll === true) this.begin([channelId]);
    else this.#ready.add(channelId);
    this.#queuePump();
  }

  #retryLater(channelId: ChannelId, atLeastMs: number): void {
    const failures = this.#failures.get(channelId) ?? 0;
    this.#failures.set(channelId, failures + 1);
    const ms = Math.max(atLeastMs, this.#options.schedule.jitter(failures, BACKOFF));
    this.#setTimer(channelId, { ms, run: () => this.begin([channelId]) });
  }

  #setTimer(channelId: ChannelId, { ms, run }: { readonly ms: number; readonly run: () => void }): void {
    this.#cancelTimer(channelId);
    const cancel = this.#options.schedule.after(ms, () => {
      this.#timers.delete(channelId);
      run();
    });
    this.#timers.set(channelId, cancel);
  }

  #cancelTimer(channelId: ChannelId): void {
    this.#timers.get(channelId)?.();
    this.#timers.delete(channelId);
  }

  #queuePump(): void {
    if (this.#pumpQueued) return;
    this.#pumpQueued = true;
    queueMicrotask(() => {
      this.#pumpQueued = false;
      this.#pump();
    });
  }

  #pump(): void {
    const link = this.#options.link();
    while (link !== undefined && this.#ready.size > 0 && this.#requests.size < MAX_REQUESTS) this.#send(link);
  }

  #send(link: Link): void {
    const asks = new Map<ChannelId, Ask>();
    for (const channelId of this.#ready) {
      this.#ready.delete(channelId);
      const chain = this.#options.chain(channelId);
      if (chain !== undefined) asks.set(channelId, chain.ask());
      if (asks.size >= LIMITS.syncChannels) break;
    }
    if (asks.size === 0) return;
    const requestId = `s${++this.#requestCount}`;
    for (const channelId of asks.keys()) this.#asking.add(channelId);
    const cancelTimer = this.#options.schedule.after(this.#options.answerTimeoutMs, () => this.#timeOut(requestId));
    this.#requests.set(requestId, { link, asks, cancelTimer });
    link.write({ type: 'sync', requestId, channels: [...asks].map(([channelId, ask]) => toRequest(channelId, ask)) });
  }

  #timeOut(requestId: string): void {
    const request = this.#take(requestId);
    for (const channelId of request?.asks.keys() ?? []) this.#retryLater(channelId, 0);
    this.#queuePump();
  }

  #take(requestId: string): Request | undefined {
    const request = this.#requests.get(requestId);
    request?.cancelTimer();
    this.#requests.delete(requestId);
    for (const channelId of request?.asks.keys() ?? []) this.#asking.delete(channelId);
    return request;
  }
}

function toRequest(channelId: ChannelId, ask: Ask): object {
  return { channelId, after: ask.after, ...(ask.ids.length === 0 ? {} : { ids: ask.ids }) };
}
