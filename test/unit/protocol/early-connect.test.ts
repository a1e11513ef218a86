import { expect } from 'chai';
import { EARLY_CONNECT_SUBPROTOCOL, findOfferedConnect, offerConnect } from '../../../shared/protocol/early-connect.js';
import type { ConnectFrame } from '../../../shared/protocol/frames.js';

/** What a header may have between commas: RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;

describe('protocol: a connect frame with the upgrade request', () => {
  const frame: ConnectFrame = { type: 'connect', version: 1, token: 'eyJhbGciOi.eyJzdWIi.sig-_', client: `워렌 "web" (1.0); a, b='c'` };

  it('is offered as tokens of HTTP, and read back as it was', () => {
    const offered = offerConnect(frame);
    for (const name of offered) expect(name).to.match(TOKEN);
    expect(JSON.parse(findOfferedConnect(offered) ?? '')).to.deep.equal(frame);
  });

  it('comes first, because who does not know it agrees to the first', () => {
    expect(offerConnect(frame)[0]).to.match(/^warren\.connect\./);
    expect(offerConnect(frame)[1]).to.equal(EARLY_CONNECT_SUBPROTOCOL);
  });

  it('is none without the subprotocol that would be agreed on, nor without the frame', () => {
    expect(findOfferedConnect([offerConnect(frame)[0]])).to.equal(undefined);
    expect(findOfferedConnect([EARLY_CONNECT_SUBPROTOCOL, 'v12.stomp'])).to.equal(undefined);
    expect(findOfferedConnect([])).to.equal(undefined);
  });

  it('is handed on as it came when it cannot be decoded', () => {
    expect(findOfferedConnect(['warren.connect.%zz', EARLY_CONNECT_SUBPROTOCOL])).to.equal('%zz');
    expect(findOfferedConnect(['warren.connect.', EARLY_CONNECT_SUBPROTOCOL])).to.equal('');
  });
});
