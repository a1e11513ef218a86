import { expect } from 'chai';
import { ChannelFeed, startOf } from '../../../../server/transport/stomp/channel-feed.js';
import { SyncDesk } from '../../../../server/transport/stomp/sync-desk.js';
import type { ChannelId } from '../../../../shared/domain/ids.js';
import type { SyncFrame } from '../../../../shared/protocol/frames.js';

const NOW = 1_700_000_000_000;

describe('what a STOMP connection asks the server for its subscriptions', () => {
  const moment = { now: 0, serverNow: NOW, graceMs: 150 };
  let asked: SyncFrame[];
  let takes: boolean;
  let desk: SyncDesk;
  beforeEach(() => {
    [asked, takes] = [[], true];
    const options = { canAsk: () => takes, moment: () => moment, onAnswer: () => undefined };
    desk = new SyncDesk({ ...options, send: (frame) => asked.push(frame) });
    for (let n = 0; n < 50; n++) {
      const channelId = `channel ${n}` as ChannelId;
      const start = startOf(NOW);
      desk.watch(new ChannelFeed({ channelId, start, beginning: 'after', moment, budget: { bytes: 0 }, deliver: () => undefined }));
    }
  });

  it('are 20 channels at a time, in two questions: the others wait for an answer', () => {
    desk.pump();
    expect(asked.map(({ channels }) => channels.length)).to.deep.equal([20, 20]);
    const { requestId, channels } = asked[0] as SyncFrame;
    const cursor = startOf(NOW);
    const replies = channels.map(({ channelId }) => ({
      channelId,
      messages: [],
      events: [],
      cursor,
      more: false,
      archivedThrough: cursor,
    }));
    desk.answer({ type: 'synced', requestId, channels: replies });
    desk.pump();
    expect(asked.map(({ channels: part }) => part.length)).to.deep.equal([20, 20, 10]);
  });

  it('is nothing while the client does not take what it is sent', () => {
    takes = false;
    desk.pump();
    expect(asked).to.deep.equal([]);
  });
});
