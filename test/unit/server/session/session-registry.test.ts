import { expect } from 'chai';
import { SessionRegistry } from '../../../../server/session/session-registry.js';
import type { Session } from '../../../../server/session/session.js';

describe('the sessions of a server', () => {
  it('a device has ten connections at most: the oldest makes room', () => {
    const registry = new SessionRegistry();
    const closed: [string, number][] = [];
    const open = (id: string, deviceId: string): void => {
      const close = ({ code }: { readonly code: number }): void => {
        closed.push([id, code]);
        registry.forget(session, { wasOpen: true });
      };
      const session = { id, identity: { userId: 'alice', deviceId }, close } as unknown as Session;
      registry.track(session);
      registry.open(session);
    };
    for (let n = 0; n < 10; n++) open(`tab ${n}`, 'laptop');
    open('app', 'phone');
    expect(closed).to.deep.equal([]);
    open('tab 10', 'laptop');
    expect(closed).to.deep.equal([['tab 0', 4006]]);
    expect(registry.size).to.equal(11);
  });
});
