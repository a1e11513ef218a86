import { expect } from 'chai';
import type { DeviceId, SessionId, UserId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import { Entrance } from '../../../server/routing/entrance.js';
import type { RoutedSession } from '../../../server/routing/session-routes.js';

const session = (n: number): RoutedSession => ({
  id: `s${n}` as SessionId,
  identity: { userId: `0K3V00000000${n}` as UserId, deviceId: `0K3D00000000${n}` as DeviceId },
});
const numbers = (sessions: readonly RoutedSession[]): string => sessions.map(({ id }) => id).join(' ');

describe('the entrance', () => {
  /** What it asked for, in order. */
  let asked: string[];
  let answers: { add: () => Promise<void>; revokedAmong: () => Promise<ReadonlySet<DeviceId>> };
  let entrance: Entrance;

  beforeEach(() => {
    asked = [];
    answers = { add: () => Promise.resolve(), revokedAmong: () => Promise.resolve(new Set([session(2).identity.deviceId])) };
    const routes = {
      add: (sessions: readonly RoutedSession[]) => {
        asked.push(`add ${numbers(sessions)}`);
        return answers.add();
      },
      remove: (of: RoutedSession) => asked.push(`remove ${of.id}`),
    };
    const revokedAmong = (devices: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>> => {
      asked.push(`revoked among ${devices.length}`);
      return answers.revokedAmong();
    };
    entrance = new Entrance({ routes, tickets: { revokedAmong } });
  });

  const outcomes = (...ns: readonly number[]): Promise<string[]> =>
    Promise.all(ns.map((n) => entrance.admit(session(n)).then((refusal) => refusal?.code ?? 'let in')));

  it('lets in all of a turn together, and takes the route of a device that was logged out away again', async () => {
    expect(await outcomes(1, 2, 3)).to.deep.equal(['let in', 'SESSION_REVOKED', 'let in']);
    expect(asked).to.deep.equal(['add s1 s2 s3', 'revoked among 3', 'remove s2']);
  });

  it('lets in together who come while others are on their way in', async () => {
    let open: () => void = () => undefined;
    answers.add = () => new Promise((resolve) => (open = resolve));
    const first = entrance.admit(session(1));
    await new Promise(setImmediate);
    answers.add = () => Promise.resolve();
    const others = outcomes(3, 4, 5);
    await new Promise(setImmediate);
    expect(asked.filter((call) => call.startsWith('add'))).to.deep.equal(['add s1']);
    open();
    await first;
    await others;
    expect(asked.filter((call) => call.startsWith('add'))).to.deep.equal(['add s1', 'add s3 s4 s5']);
  });

  it('lets nobody in whose route cannot be written, and takes it away again in case it was', async () => {
    answers.add = () => Promise.reject(new ChatError('UNAVAILABLE'));
    expect(await outcomes(1, 3)).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(asked.slice(2)).to.deep.equal(['remove s1', 'remove s3']);
  });

  it('lets nobody in who cannot be asked about, and leaves no route', async () => {
    answers.revokedAmong = () => Promise.reject(new ChatError('UNAVAILABLE'));
    expect(await outcomes(1, 3)).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(asked.slice(2)).to.deep.equal(['remove s1', 'remove s3']);
  });

  it('refuses whoever comes when too many wait', async () => {
    answers.add = () => new Promise(() => undefined);
    for (let n = 0; n < 20_000; n++) void entrance.admit(session(n));
    const code = await entrance.admit(session(1)).catch((error: unknown) => (error as ChatError).code);
    expect(code).to.equal('OVERLOADED');
  });
});
