import { ID_LENGTH, NO_EVENT, type ChannelId, type EventId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { Reservation, Reserved, Sequencer } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { LAST_KEY } from './data-epoch.js';
import { loadScript } from './script.js';

const RESERVE = loadScript('reserve-2');
const ADVANCE = loadScript('advance-1');
/** A channel without events for one to two of these is seeded from the store again. */
const LAST_ID_TTL_MS = 7 * 24 * 3_600_000;

export interface RedisSequencerOptions {
  /** How long (sender, clientId) is remembered; default ten minutes. */
  readonly dedupeTtlMs?: number;
}

/** Items of one script call: Lua's stack bounds how many arguments a call from it may have. */
const MAX_ITEMS = 1_000;
/** How many items a run has, in 4 characters. */
const COUNTS = Array.from({ length: MAX_ITEMS + 1 }, (_, count) => String(count).padStart(4));
const CLAIMS = 'sent';

/**
 * `last:<n>` holds the last id by channel, `sent:<n>` the ids that sends were given by `<channel>:<sender>:<clientId>` without its last character, all
 * that differ in that one under one field: hashes by generation, the running one and the one before, so that what is forgotten goes at once and
 * unnoticed (a key with a time to live for each cost three times as much). Redis runs a script to its end before any other command, so that each item is
 * atomic and a batch is one round trip.
 */
export class RedisSequencer implements Sequencer {
  readonly #redis: RedisConnection;
  readonly #dedupeTtlMs: number;

  constructor(redis: RedisConnection, options: RedisSequencerOptions = {}) {
    this.#redis = redis;
    this.#dedupeTtlMs = options.dedupeTtlMs ?? 600_000;
  }

  async reserve(items: readonly Reservation[]): Promise<readonly Reserved[]> {
    if (items.length <= MAX_ITEMS) return this.#reserve(items);
    const calls: Promise<readonly Reserved[]>[] = [];
    for (let start = 0; start < items.length; start += MAX_ITEMS) calls.push(this.#reserve(items.slice(start, start + MAX_ITEMS)));
    return (await Promise.all(calls)).flat();
  }

  async advance(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<void> {
    if (items.length === 0) return;
    await this.#redis.run(ADVANCE, [LAST_KEY], [LAST_ID_TTL_MS, ...items.flatMap(({ channelId, id }) => [channelId, id])]);
  }

  async #reserve(items: readonly Reservation[]): Promise<readonly Reserved[]> {
    if (items.length === 0) return [];
    const args = [this.#dedupeTtlMs, LAST_ID_TTL_MS, ...packItems(items)];
    const answers = parseAnswers((await this.#redis.run(RESERVE, [CLAIMS, LAST_KEY], args)) as string, items);
    if (answers.length !== items.length) throw unexpected();
    return answers;
  }
}

function unexpected(): ChatError {
  return new ChatError('INTERNAL', { details: { reason: 'unexpected answer of the reserve script' } });
}

/**
 * As the script reads them: few long arguments, because the driver and Redis both pay for each one. Joined and not added up: a sum keeps an object for
 * each of its parts until it is sent.
 */
function packItems(items: readonly Reservation[]): readonly string[] {
  const [counts, names, parts]: [string[], string[], string[]] = [[], [], []];
  let run: Reservation | undefined;
  let head = '';
  let count = 0;
  for (const item of items) {
    const { channelId, senderId, clientId } = item;
    const isNext = channelId === run?.channelId && senderId === run.senderId && clientId.length === head.length + 1;
    if (!isNext || !clientId.startsWith(head)) {
      if (run !== undefined) counts.push(COUNTS[count] as string);
      run = item;
      head = clientId.slice(0, -1);
      count = 0;
      names.push(channelId, ':', senderId, ':', head, '\n');
    }
    count += 1;
    parts.push(item.again === true ? '1' : '0', clientId.slice(-1), item.proposed);
  }
  counts.push(COUNTS[count] as string);
  return [counts.join(''), names.join(''), parts.join('')];
}

/** One for each item. Each begins with what it is, which says how many ids follow. */
function parseAnswers(text: string, items: readonly Reservation[]): Reserved[] {
  const answers: Reserved[] = [];
  let at = 0;
  const takeId = (): EventId => text.slice(at, (at += ID_LENGTH)).trimEnd() as EventId;
  while (at < text.length) {
    switch (text[at++]) {
      case '+':
        answers.push({ status: 'reserved', prev: text.slice(at, (at += ID_LENGTH)) as EventId });
        break;
      case '&':
        answers.push({ status: 'reserved', prev: items[answers.length - 1]?.proposed ?? NO_EVENT });
        break;
      case '*':
        answers.push({ status: 'reserved', prev: '' as EventId });
        break;
      case '=':
        answers.push({ status: 'duplicate', id: takeId(), latest: takeId(), prev: '' as EventId });
        break;
      case '#':
        answers.push({ status: 'duplicate', id: takeId(), latest: takeId(), prev: takeId() });
        break;
      case '<':
        answers.push({ status: 'behind', latest: takeId() });
        break;
      case '?':
        answers.push({ status: 'unknown' });
        break;
      default:
        throw unexpected();
    }
  }
  return answers;
}
