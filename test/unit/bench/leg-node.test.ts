import { expect } from 'chai';
import { LegNode } from '../../../bench/amqp/node.js';
import { openAloneLeg } from '../../../bench/amqp/alone-leg.js';
import type { LegEvents } from '../../../bench/amqp/leg.js';
import type { LegPlan } from '../../../bench/amqp/protocol.js';

describe('a leg that checks what the other one sends', () => {
  const plan = { role: 'raw', url: '', serverId: 'server1', otherServerId: 'server1', pairs: 2, inFlight: 2, contentChars: 100 } as const;
  let node: LegNode;
  let events: LegEvents;
  let sent: Uint8Array[];

  async function open(of: Partial<LegPlan> = {}): Promise<void> {
    sent = [];
    node = new LegNode({ ...plan, beganAt: Date.now(), ...of });
    await node.open((_, given) => {
      events = given;
      return Promise.resolve({ send: ({ payload }) => void sent.push(payload), close: () => Promise.resolve() });
    });
    node.start();
    node.stop();
  }

  const wrongAfter = (payloads: readonly (Uint8Array | undefined)[]): number => {
    for (const payload of payloads) events.delivered(payload as Uint8Array);
    return node.tally.counts().wrong;
  };

  beforeEach(() => open());

  it('finds nothing wrong with what came as it was sent', () => {
    expect(wrongAfter(sent)).to.equal(0);
    expect([node.tally.counts().delivered, node.tally.underWay]).to.deep.equal([4, 0]);
  });

  it('finds a message that comes twice, one that is missing and two that are exchanged', async () => {
    expect(wrongAfter([sent[0], sent[0]])).to.equal(1);
    await open();
    expect(wrongAfter([sent[1]])).to.equal(1);
    await open();
    expect(wrongAfter([sent[1], sent[0]])).to.equal(2);
  });

  it('finds a content that was changed', () => {
    const changed = Uint8Array.from(sent[0] as Uint8Array);
    changed[changed.length - 10] = (changed[changed.length - 10] as number) ^ 1;
    expect(wrongAfter([changed])).to.equal(1);
  });

  it('goes round by itself where there is no broker, until it is stopped', async () => {
    node = new LegNode({ ...plan, beganAt: Date.now() });
    await node.open(openAloneLeg);
    node.start();
    while (node.tally.counts().delivered < 100) await new Promise((resolve) => setImmediate(resolve));
    node.stop();
    while (node.tally.underWay > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(node.tally.counts().wrong).to.equal(0);
  });

  it('finds a message in a channel of nobody', async () => {
    await open({ otherServerId: 'server2' });
    expect(wrongAfter([sent[0]])).to.equal(1);
  });
});
