import { expect } from 'chai';
import { Admission } from '../../../../server/chat/admission.js';
import type { CommandFrame } from '../../../../shared/protocol/frames.js';
import type { Session } from '../../../../server/session/session.js';
import { settle } from '../../../support/fake-clock.js';

const [ALICE, BOB] = [{}, {}] as unknown as [Session, Session];
const FRAME = { type: 'send' } as CommandFrame;

describe('commands that wait for a look-up', () => {
  let admission: Admission;
  let answer: () => void;
  let lookUp: Promise<void>;
  beforeEach(() => {
    admission = new Admission(() => lookUp);
    lookUp = new Promise((resolve) => (answer = resolve));
  });

  const enter = (session: Session): Promise<string> =>
    (admission.enter(session, FRAME) ?? Promise.resolve()).then(
      () => 'admitted',
      (error: unknown) => (error as { readonly code: string }).code,
    );

  it('of one session are 1,000 at most; more are refused for now, and other sessions do not mind', async () => {
    const first = Array.from({ length: 1_000 }, () => enter(ALICE));
    expect(await enter(ALICE)).to.equal('OVERLOADED');
    const other = enter(BOB);
    answer();
    expect(new Set(await Promise.all([...first, other]))).to.deep.equal(new Set(['admitted']));
    await settle();
    expect(await enter(ALICE)).to.equal('admitted');
  });
});
