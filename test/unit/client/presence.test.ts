import { expect } from 'chai';
import type { ClientEvents } from '../../../client/client-events.js';
import type { WarrenClient } from '../../../client/mod.js';
import type { TeamId, UserId } from '../../../shared/domain/ids.js';
import type { PresenceFrame, PresenceStatus } from '../../../shared/protocol/frames.js';
import { LIMITS } from '../../../shared/protocol/limits.js';
import { ALICE, BOB, FakeChat } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

const TEAM = '0K3T000000001' as TeamId;
const CAROL = '0K3V000000003' as UserId;

describe('client: presence', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let told: ClientEvents['presence'][];

  beforeEach(async () => {
    chat = new FakeChat();
    client = await chat.client();
    told = [];
    client.on('presence', (news) => told.push(news));
  });
  afterEach(() => client.close());

  const users = (status: PresenceStatus, ...userIds: readonly UserId[]): PresenceFrame['users'] =>
    userIds.map((userId) => ({ userId, status }));
  const tell = (parts: Partial<PresenceFrame>, socket = chat.socket): void =>
    socket.push({ type: 'presence', teamId: TEAM, users: [], ...parts });
  const refuse = (code: string, temporary: boolean): void => {
    const requestId = chat.socket.sent('watch').at(-1)?.requestId;
    chat.socket.push({ type: 'error', code, message: code, temporary, requestId });
  };
  async function watch(): Promise<void> {
    client.presence.watch(TEAM);
    await settle();
  }

  it('asks once, and holds the snapshot', async () => {
    await watch();
    await watch();
    expect(chat.socket.sent('watch').map(({ teamId }) => teamId)).to.deep.equal([TEAM]);
    tell({ users: users('online', ALICE, BOB), snapshot: 'last' });
    expect([...client.presence.online(TEAM)]).to.deep.equal([ALICE, BOB]);
    expect(told).to.deep.equal([{ teamId: TEAM, users: users('online', ALICE, BOB) }]);
  });

  it('tells what is news, and hands out a new set then', async () => {
    await watch();
    tell({ users: users('online', ALICE), snapshot: 'last' });
    const before = client.presence.online(TEAM);
    tell({ users: [...users('online', ALICE, BOB), ...users('offline', CAROL)] });
    expect(told.at(-1)).to.deep.equal({ teamId: TEAM, users: users('online', BOB) });
    expect([[...before], [...client.presence.online(TEAM)]]).to.deep.equal([[ALICE], [ALICE, BOB]]);
  });

  it('a snapshot in parts counts when it is whole', async () => {
    await watch();
    tell({ users: users('online', ALICE), snapshot: 'part' });
    expect(client.presence.online(TEAM).size).to.equal(0);
    tell({ users: users('online', BOB), snapshot: 'last' });
    expect([...client.presence.online(TEAM)]).to.deep.equal([ALICE, BOB]);
  });

  it('asks again after a reconnect, keeps what it knew until then, and tells the difference', async () => {
    await watch();
    tell({ users: users('online', ALICE, BOB), snapshot: 'last' });
    chat.socket.end(1_006);
    expect([...client.presence.online(TEAM)]).to.deep.equal([ALICE, BOB]);
    await chat.clock.advance(1_000);
    await settle();
    expect(chat.sockets.all).to.have.length(2);
    expect(chat.socket.sent('watch')).to.have.length(1);
    tell({ users: users('online', ALICE, CAROL), snapshot: 'last' });
    expect(told.at(-1)?.users).to.deep.equal([...users('online', CAROL), ...users('offline', BOB)]);
  });

  it('what an earlier connection still says is no news', async () => {
    await watch();
    const old = chat.socket;
    chat.random = 0.5;
    old.push({ type: 'drain', withinMs: 1_000 });
    await chat.clock.advance(500);
    await settle();
    tell({ users: users('online', ALICE), snapshot: 'last' });
    tell({ users: users('offline', ALICE) }, old);
    expect([...client.presence.online(TEAM)]).to.deep.equal([ALICE]);
  });

  it('a refusal ends it and is told', async () => {
    await watch();
    refuse('FORBIDDEN', false);
    expect(told[0]?.ended?.code).to.equal('FORBIDDEN');
    await watch();
    expect(chat.socket.sent('watch')).to.have.length(2);
  });

  it('so does being removed from the team', async () => {
    await watch();
    tell({ users: users('online', ALICE), snapshot: 'last' });
    tell({ ended: true });
    expect(told.at(-1)?.ended?.code).to.equal('NOT_FOUND');
    expect(client.presence.online(TEAM).size).to.equal(0);
  });

  it('asks again later when the server cannot answer now', async () => {
    await watch();
    refuse('UNAVAILABLE', true);
    await chat.clock.advance(10_000);
    await settle();
    expect(chat.socket.sent('watch')).to.have.length(2);
    expect(told).to.deep.equal([]);
  });

  it('unwatch tells the server, and forgets', async () => {
    await watch();
    tell({ users: users('online', ALICE), snapshot: 'last' });
    client.presence.unwatch(TEAM);
    await settle();
    expect(chat.socket.sent('unwatch').map(({ teamId }) => teamId)).to.deep.equal([TEAM]);
    tell({ users: users('online', BOB) });
    expect([client.presence.online(TEAM).size, told.length]).to.deep.equal([0, 1]);
  });

  it('takes as many teams as the server does, and no more', () => {
    const watchMany = (): void => {
      for (let n = 0; n <= LIMITS.watchedTeams; n++) client.presence.watch(`team${n}` as TeamId);
    };
    expect(watchMany).to.throw().with.property('code', 'TOO_LARGE');
  });

  it('logging out forgets the teams', async () => {
    await watch();
    tell({ users: users('online', ALICE), snapshot: 'last' });
    await client.logOut();
    expect(client.presence.online(TEAM).size).to.equal(0);
  });
});
