import { ID_LENGTH, type ChannelId, type EventId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { Reservation, Reserved, Sequencer } from '../../ports/index.js';
import type { RedisArgument, RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const RESERVE = loadScript('reserve-n');
const ADVANCE = loadScript('advance-n');
/** A channel is seeded from the store again after this long: its ttl is not renewed, because that would cost as much as the rest. */
const LAST_ID_TTL_MS = 7 * 24 * 3_600_000;

export interface RedisSequencerOptions {
  /** How long (sender, clientId) is remembered; default ten minutes. */
  readonly dedupeTtlMs?: number;
}

/**
 * `last:<channel>` holds the last id of a channel, `d:<channel>:<sender>:<clientId>` the id that a send was given.
 * Redis runs a script to its end before any other command, so that each item is atomic and a batch is one round trip.
 */
export class RedisSequencer implements Sequencer {
  readonly #redis: RedisConnection;
  readonly #dedupeTtlMs: number;

  constructor(redis: RedisConnection, options: RedisSequencerOptions = {}) {
    this.#redis = redis;
    this.#dedupeTtlMs = options.dedupeTtlMs ?? 600_000;
  }

  async reserve(items: readonly Reservation[]): Promise<readonly Reserved[]> {
    if (items.length === 0) return [];
    const keys: string[] = [];
    const args: RedisArgument[] = [this.#dedupeTtlMs];
    for (const { channelId, senderId, clientId, proposed, again } of items) {
      keys.push(`d:${channelId}:${senderId}:${clientId}`, lastKey(channelId));
      args.push(proposed, again === true ? '1' : '');
    }
    const answers = (await this.#redis.run(RESERVE, keys, args)) as string[];
    return answers.map(parseAnswer);
  }

  async advance(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<void> {
    if (items.length === 0) return;
    const keys = items.map(({ channelId }) => lastKey(channelId));
    await this.#redis.run(ADVANCE, keys, [LAST_ID_TTL_MS, ...items.map(({ id }) => id)]);
  }
}

function lastKey(channelId: ChannelId): string {
  return `last:${channelId}`;
}

function parseAnswer(answer: string): Reserved {
  const rest = answer.slice(1);
  switch (answer[0]) {
    case '+':
      return { status: 'reserved', prev: rest as EventId };
    case '=':
      return { status: 'duplicate', id: rest.slice(0, ID_LENGTH) as EventId, latest: rest.slice(ID_LENGTH) as EventId };
    case '<':
      return { status: 'behind', latest: rest as EventId };
    case '?':
      return { status: 'unknown' };
    default:
      throw new ChatError('INTERNAL', { details: { reason: 'unexpected answer of the reserve script' } });
  }
}
