import { expect } from 'chai';
import {
  RedisDirectory,
  RedisInvalidationLog,
  RedisRecentWindow,
  RedisSequencer,
  type RedisConnection,
} from '../../../shared/adapters/redis/index.js';
import { formatId, ID_LENGTH, type ChannelId } from '../../../shared/domain/ids.js';
import { makeRoute, makeServer, nextChannel, nextClientId, nextId, nextUser } from '../../contract/hot-path-fixtures.js';
import { SilentLogger } from '../../support/silent-logger.js';

type Call = { readonly keys: readonly string[]; readonly args: readonly unknown[] };

describe('calls of Redis scripts', () => {
  let calls: Call[];
  let answer: (call: Call) => unknown;
  let redis: RedisConnection;
  beforeEach(() => {
    calls = [];
    answer = () => 1;
    const run = (_: unknown, keys: readonly string[], args: readonly unknown[]): Promise<unknown> => {
      calls.push({ keys, args });
      return Promise.resolve(answer({ keys, args }));
    };
    redis = { prefix: '', epoch: 'e', run } as unknown as RedisConnection;
  });

  it('reserve at most 1,000 events each, and the answers stay in order', async () => {
    // The lengths of the runs, in 4 characters each.
    const runs = ({ args }: Call): number[] => (args[2] as string).match(/.{4}/g)?.map(Number) ?? [];
    const count = (call: Call): number => runs(call).reduce((sum, length) => sum + length, 0);
    answer = (call) => `+${formatId(1_800_000_000_000, calls.length, 0)}`.repeat(count(call));
    const items = [nextUser(), nextUser()].map((senderId) => {
      return { channelId: nextChannel(), senderId, clientId: nextClientId(), proposed: nextId() };
    });
    const all = Array.from({ length: 2_500 }, (_, n) => items[n < 1_800 ? 0 : 1]!);
    const reserved = await new RedisSequencer(redis).reserve(all);
    expect(calls.map(runs)).to.deep.equal([[1_000], [800, 200], [500]]);
    expect(calls.map(({ args }) => (args[4] as string).length)).to.deep.equal([1_000, 1_000, 500].map((n) => n * (2 + ID_LENGTH)));
    expect(reserved).to.have.length(2_500);
    expect(reserved[999]).to.not.deep.equal(reserved[1_000]);
  });

  it('record at most 1,000 keys each', async () => {
    await new RedisInvalidationLog(redis).record(Array.from({ length: 2_500 }, (_, n) => `user:${n}`));
    expect(calls.map(({ args }) => args.length - 2)).to.deep.equal([1_000, 1_000, 500]);
  });

  it('register at most 500 sessions each', async () => {
    const route = makeRoute(nextUser(), makeServer('server1'));
    await new RedisDirectory(redis, { logger: new SilentLogger() }).register(Array.from({ length: 1_200 }, () => route));
    expect(calls.map(({ args }) => (args[3] as string).split('\n').length - 1)).to.deep.equal([500, 500, 200]);
  });

  it('mark at most 1,000 channels each', async () => {
    const marks = Array.from({ length: 2_500 }, () => ({ channelId: nextChannel(), through: nextId(), events: 1, bytes: 2 }));
    await new RedisRecentWindow(redis).markArchived(marks);
    const lengths = calls.map(({ args }) => (args[3] as Buffer).length / (2 * ID_LENGTH + 8));
    expect(lengths).to.deep.equal([1_000, 1_000, 500]);
  });

  it('renew a window’s life once an hour for 200,000 channels; for more, sooner', async () => {
    const window = new RedisRecentWindow(redis);
    const [mine, bytes] = [nextChannel(), Buffer.from('{}')];
    const id = nextId();
    const renewed = async (channelIds: readonly ChannelId[]): Promise<boolean> => {
      await window.append(channelIds.map((channelId) => ({ channelId, id, bytes })));
      // Behind the first channel's id.
      return (calls.at(-1)?.args[3] as Buffer).readUInt8(ID_LENGTH) === 1;
    };
    expect([await renewed([mine]), await renewed([mine])]).to.deep.equal([true, false]);
    await renewed(Array.from({ length: 200_000 }, () => nextChannel()));
    expect([await renewed([mine]), await renewed([mine])]).to.deep.equal([true, false]);
  });
});
