import type { Channel, ConsumeMessage } from 'amqplib';
import { expect } from 'chai';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { AckWindow } from '../../../shared/adapters/rabbitmq/ack-window.js';

const PREFETCH = 10;
const GATHER_MS = 50;

describe('acknowledgements of a queue', () => {
  let clock: SinonFakeTimers;
  let frames: string[];
  let window: AckWindow;

  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    frames = [];
    const channel = {
      ack: (message: ConsumeMessage, upTo: boolean) => frames.push(`ack ${message.fields.deliveryTag} ${upTo}`),
      nack: (message: ConsumeMessage) => frames.push(`nack ${message.fields.deliveryTag}`),
    };
    window = new AckWindow(channel as unknown as Channel, PREFETCH);
  });

  afterEach(() => clock.restore());

  const message = (deliveryTag: number): ConsumeMessage => ({ fields: { deliveryTag } }) as ConsumeMessage;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('gather for some milliseconds, and leave as one frame', async () => {
    for (const tag of [1, 2, 3]) {
      window.add(message(tag), Promise.resolve());
      await turn();
    }
    expect(frames).to.deep.equal([]);
    clock.tick(GATHER_MS - 1);
    expect(frames).to.deep.equal([]);
    clock.tick(1);
    expect(frames).to.deep.equal(['ack 3 true']);
  });

  it('leave at once when half of what the broker hands out is settled', async () => {
    for (let tag = 1; tag <= PREFETCH / 2; tag++) window.add(message(tag), Promise.resolve());
    await turn();
    await turn();
    expect(frames).to.deep.equal(['ack 5 true']);
    clock.tick(100);
    expect(frames).to.have.length(1);
  });

  it('wait for what is still being handled before them, and do not take a rejection along', async () => {
    let handled = (): void => undefined;
    window.add(message(1), new Promise((resolve) => (handled = resolve)));
    window.add(message(2), Promise.reject(new Error('no')));
    window.add(message(3), Promise.resolve());
    await turn();
    clock.tick(GATHER_MS);
    expect(frames).to.deep.equal([]);
    handled();
    const empty = window.whenEmpty();
    await turn();
    clock.tick(GATHER_MS);
    await empty;
    expect(frames).to.deep.equal(['nack 2', 'ack 3 true']);
  });
});
