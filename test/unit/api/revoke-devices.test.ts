import { expect } from 'chai';
import { revokeDevices } from '../../../api/use-cases/revoke-devices.js';
import { IdClock, type DeviceId, type ServerId } from '../../../shared/domain/ids.js';
import { FakeBus, FakeClock, FakeConfirmations, FakeRegistry, FakeTickets, serverInfo } from '../../support/api-fakes.js';

const DEVICE = 'device' as DeviceId;

function makeDeps() {
  const clock = new FakeClock();
  const confirmations = new FakeConfirmations(clock);
  const registry = new FakeRegistry();
  registry.servers = [serverInfo('server1'), serverInfo('server2')];
  const settings = { accessTtlMs: 900_000, refreshTtlMs: 1, ticketTtlMs: 1, maxChannelMembers: 1, region: 'local' };
  const ids = new IdClock({ node: 1, now: clock.now });
  return { clock, confirmations, registry, settings, ids, bus: new FakeBus(), tickets: new FakeTickets() };
}

describe('revoking devices', () => {
  it('remembers them for longer than any access token of theirs lives', async () => {
    const deps = makeDeps();
    await revokeDevices(deps, [DEVICE]);
    expect(deps.tickets.revoked.get(DEVICE)).to.be.greaterThan(900_000);
  });

  it('tells every server, and is true once all have confirmed', async () => {
    const deps = makeDeps();
    expect(await revokeDevices(deps, [DEVICE])).to.equal(true);
    expect(deps.bus.messages[0])
      .to.include({ type: 'revoke' })
      .and.deep.include({ deviceIds: [DEVICE] });
    expect(deps.confirmations.waits).to.deep.equal([['server1', 'server2']]);
  });

  it('asks nobody when there is no server', async () => {
    const deps = makeDeps();
    deps.registry.servers = [];
    expect(await revokeDevices(deps, [DEVICE])).to.equal(true);
    expect(deps.bus.messages).to.deep.equal([]);
  });

  it('is false after three seconds when a live server has not confirmed', async () => {
    const deps = makeDeps();
    deps.confirmations.silent.add('server2' as ServerId);
    const startedAt = deps.clock.ms;
    expect(await revokeDevices(deps, [DEVICE])).to.equal(false);
    expect(deps.clock.ms - startedAt).to.equal(3_000);
  });

  it('does not wait for a server whose lease ends meanwhile', async () => {
    const deps = makeDeps();
    deps.confirmations.silent.add('server2' as ServerId);
    deps.confirmations.onTimeout = () => (deps.registry.servers = [serverInfo('server1')]);
    expect(await revokeDevices(deps, [DEVICE])).to.equal(true);
    expect(deps.confirmations.waits.at(-1)).to.deep.equal(['server1']);
  });

  it('does not tell anybody when the revocation could not be written', async () => {
    const deps = makeDeps();
    deps.tickets.away = true;
    const error: unknown = await revokeDevices(deps, [DEVICE]).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'UNAVAILABLE' });
    expect(deps.bus.messages).to.deep.equal([]);
  });
});
