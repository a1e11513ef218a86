import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import jws from 'jws';
import { signAccessToken, verifyAccessToken } from '../../../shared/adapters/jwt/access-token.js';
import { formatId, type DeviceId, type UserId } from '../../../shared/domain/ids.js';

const SECRET = 'a secret of the tests, long enough';
const NOW = Date.UTC(2026, 10, 18, 10, 30, 0, 250);
const OWNER = { userId: formatId(NOW, 1, 1) as UserId, deviceId: formatId(NOW, 1, 2) as DeviceId };
const CLAIMS = { sub: OWNER.userId, sid: OWNER.deviceId, iss: 'warren', exp: NOW / 1000 + 60 };

function codeOf(verify: () => unknown): unknown {
  try {
    return verify();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** Rightly signed, whatever it says. */
function signedText(payload: string): string {
  return jws.sign({ header: { alg: 'HS256' }, payload, secret: SECRET });
}

describe('access tokens', () => {
  it('tell their owner until they expire', () => {
    const { token, expiresAt } = signAccessToken(OWNER, { secret: SECRET, ttlMs: 60_000, now: NOW });
    expect(expiresAt).to.equal(NOW - 250 + 60_000);
    expect(verifyAccessToken(token, SECRET, expiresAt - 1)).to.deep.equal({ ...OWNER, expiresAt });
  });

  it('expire by the given clock', () => {
    const { token, expiresAt } = signAccessToken(OWNER, { secret: SECRET, ttlMs: 60_000, now: NOW });
    expect(codeOf(() => verifyAccessToken(token, SECRET, expiresAt))).to.equal('TOKEN_EXPIRED');
  });

  it('are old before they are anything else', () => {
    const old = jwt.sign({ exp: NOW / 1000 - 1, iss: 'other' }, SECRET);
    expect(codeOf(() => verifyAccessToken(old, SECRET, NOW))).to.equal('TOKEN_EXPIRED');
  });

  it('of other makers hold as well, with the claims in any order and a time from which they are valid', () => {
    const { exp, ...rest } = CLAIMS;
    const token = jwt.sign({ nbf: Math.floor(NOW / 1000), exp, ...rest }, SECRET, { noTimestamp: true });
    expect(verifyAccessToken(token, SECRET, NOW)).to.deep.equal({ ...OWNER, expiresAt: exp * 1000 });
  });

  const forged: Readonly<Record<string, string>> = {
    'another secret': jwt.sign(CLAIMS, 'another secret that is long enough'),
    'another algorithm': jwt.sign(CLAIMS, SECRET, { algorithm: 'HS512' }),
    'no signature': jwt.sign(CLAIMS, '', { algorithm: 'none' }),
    'another issuer': jwt.sign({ ...CLAIMS, iss: 'other' }, SECRET),
    'no device': jwt.sign({ ...CLAIMS, sid: undefined }, SECRET),
    'no expiry': jwt.sign({ sub: OWNER.userId, sid: OWNER.deviceId, iss: 'warren' }, SECRET),
    'a user id that is none': jwt.sign({ ...CLAIMS, sub: "x' OR 1=1" }, SECRET),
    'a time from which it is valid that has not come': jwt.sign({ ...CLAIMS, nbf: NOW / 1000 + 30 }, SECRET),
    'a text in place of claims': jwt.sign('text', SECRET),
    'null in place of claims': signedText('null'),
    'no JSON in place of claims': signedText('{'),
    'a part too many': `${jwt.sign(CLAIMS, SECRET)}.x`,
    'an empty signature': jwt.sign(CLAIMS, SECRET).replace(/[^.]*$/, ''),
    'two parts': jwt.sign(CLAIMS, SECRET).replace(/\.[^.]*$/, ''),
    'no parts': '',
    'nothing like a token': 'a.b.c',
  };
  for (const [what, token] of Object.entries(forged)) {
    it(`with ${what} are not valid`, () => {
      expect(codeOf(() => verifyAccessToken(token, SECRET, NOW))).to.equal('TOKEN_INVALID');
    });
  }
});
