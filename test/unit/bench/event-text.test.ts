import { expect } from 'chai';
import { EventText } from '../../../bench/amqp/event-text.js';

describe('the events of an AMQP leg', () => {
  const parts = {
    id: '0000000000042',
    channelId: '1000000000007',
    senderId: '0000000000007',
    clientId: 'bench-1-7-42',
    content: 'xxx 42 5 6',
  };
  const text = new EventText();

  it('are JSON that holds what they were made of', () => {
    const event = JSON.parse(Buffer.from(text.make(parts)).toString()) as Record<string, unknown>;
    expect(event).to.include({ type: 'message', ...parts });
    expect(Object.keys(event)).to.deep.equal(['type', 'id', 'prev', 'channelId', 'senderId', 'clientId', 'createdAt', 'content']);
  });

  it('are read as they were made, also in the midst of an envelope', () => {
    const payload = text.make(parts);
    const envelope = Buffer.concat([Buffer.from('before'), payload, Buffer.from('after')]);
    const { id, channelId, content } = parts;
    expect(text.read(envelope.subarray(6, 6 + payload.length))).to.deep.equal({ id, channelId, content });
  });
});
