import { expect } from 'chai';
import { createMemoryBus } from '../../../shared/adapters/memory/bus.js';
import { MemoryRecentWindow } from '../../../shared/adapters/memory/recent-window.js';
import type { ChannelId } from '../../../shared/domain/ids.js';
import type { ChatError } from '../../../shared/errors/chat-error.js';
import { nextChannel, nextId } from '../../contract/hot-path-fixtures.js';
import { settle } from '../../support/fake-clock.js';

describe('bounds of a cluster that lives in one process', () => {
  it('notifications that nobody takes make room for newer ones', async () => {
    const bus = createMemoryBus({ partitions: 1, queueBytes: 10_000 });
    for (let n = 0; n < 25; n++) await bus.publisher.notify(Buffer.alloc(1_000, n));
    const taken: number[] = [];
    const subscription = await bus.consumer.consumeNotifications((batch) => Promise.resolve(void taken.push(batch[0] ?? -1)));
    await settle();
    await settle();
    expect(taken).to.deep.equal([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    await subscription.cancel();
  });

  describe('the recent window', () => {
    let window: MemoryRecentWindow;
    let channels: ChannelId[];
    beforeEach(() => {
      window = new MemoryRecentWindow({ maxBytes: 10_000 });
      channels = Array.from({ length: 3 }, nextChannel);
    });

    const append = async (channelId: ChannelId | undefined): Promise<string> => {
      const entry = { channelId: channelId as ChannelId, id: nextId(), bytes: Buffer.alloc(4_000) };
      return window.append([entry]).then(
        () => 'taken',
        (error: unknown) => (error as ChatError).code,
      );
    };

    it('refuses events for now when all of it waits for the archive', async () => {
      expect([await append(channels[0]), await append(channels[1]), await append(channels[2])]).to.deep.equal([
        'taken',
        'taken',
        'UNAVAILABLE',
      ]);
    });

    it('drops archived events of the channel that was silent for longest, and takes new ones', async () => {
      for (const channelId of channels.slice(0, 2)) await append(channelId);
      await window.markArchived([{ channelId: channels[0] as ChannelId, through: nextId(), events: 1, bytes: 4_000 }]);
      expect(await append(channels[2])).to.equal('taken');
      expect(await append(channels[2])).to.equal('UNAVAILABLE');
    });
  });
});
