import { expect } from 'chai';
import { chooseServers, type ChoiceOptions } from '../../../api/use-cases/choose-servers.js';
import type { ServerId } from '../../../shared/domain/ids.js';
import type { ServerInfo } from '../../../shared/ports/index.js';
import { serverInfo } from '../../support/api-fakes.js';

function choose(servers: readonly ServerInfo[], options: Partial<ChoiceOptions> = {}): string[] {
  const defaults: ChoiceOptions = { region: 'local', recent: new Map(), random: () => 0 };
  return chooseServers(servers, { ...defaults, ...options }).map((choice) => choice.serverId);
}

describe('choosing chat servers', () => {
  it('answers with nothing when there is no server', () => {
    expect(choose([])).to.deep.equal([]);
  });

  it('answers with the best one and two spares, in order', () => {
    const servers = [5, 3, 9, 1].map((connections) => serverInfo(`c${connections}`, { connections }));
    expect(choose(servers)).to.deep.equal(['c1', 'c3', 'c5']);
  });

  it('never answers with a draining server, even the preferred one', () => {
    const servers = [serverInfo('leaving', { draining: true }), serverInfo('staying', { connections: 900 })];
    expect(choose(servers, { prefer: 'leaving' })).to.deep.equal(['staying']);
  });

  it('never answers with a full server, even the preferred one', () => {
    const servers = [serverInfo('full', { connections: 1_000 }), serverInfo('roomy', { load: 0.95 })];
    expect(choose(servers, { prefer: 'full' })).to.deep.equal(['roomy']);
  });

  it('counts those sent lately as connected', () => {
    const recent = new Map([['almost' as ServerId, 1]]);
    expect(choose([serverInfo('almost', { connections: 999 })], { recent })).to.deep.equal([]);
  });

  it('prefers the region before load and connections', () => {
    const servers = [serverInfo('far', { region: 'eu' }), serverInfo('near', { load: 0.7, connections: 500 })];
    expect(choose(servers)).to.deep.equal(['near', 'far']);
  });

  it('leaves the region when its servers are overloaded', () => {
    const servers = [serverInfo('near', { load: 0.95 }), serverInfo('far', { region: 'eu' })];
    expect(choose(servers)).to.deep.equal(['far', 'near']);
  });

  it('stays with the preferred server while that is healthy, in any region', () => {
    const servers = [serverInfo('empty'), serverInfo('mine', { load: 0.8, connections: 900, region: 'eu' })];
    expect(choose(servers, { prefer: 'mine' })).to.deep.equal(['mine', 'empty']);
  });

  it('moves away from a preferred server that is overloaded', () => {
    const servers = [serverInfo('mine', { load: 0.9 }), serverInfo('other', { connections: 900 })];
    expect(choose(servers, { prefer: 'mine' })).to.deep.equal(['other', 'mine']);
  });

  it('takes the less loaded one of two', () => {
    const servers = [serverInfo('hot', { load: 0.65 }), serverInfo('cool', { load: 0.1, connections: 500 })];
    expect(choose(servers)[0]).to.equal('cool');
  });

  it('does not let noise in the load outweigh connections', () => {
    const servers = [serverInfo('busier', { load: 0.02, connections: 10 }), serverInfo('emptier', { load: 0.05, connections: 9 })];
    expect(choose(servers)[0]).to.equal('emptier');
  });

  it('compares the share of connections, not their number', () => {
    const servers = [serverInfo('small', { connections: 60, maxConnections: 100 }), serverInfo('large', { connections: 200 })];
    expect(choose(servers)[0]).to.equal('large');
  });

  it('sends the next client elsewhere', () => {
    const servers = [serverInfo('a'), serverInfo('b')];
    expect(choose(servers, { recent: new Map([['a' as ServerId, 1]]) })[0]).to.equal('b');
  });

  it('breaks a tie by chance', () => {
    const chances = [0.7, 0.2].values();
    expect(choose([serverInfo('a'), serverInfo('b')], { random: () => chances.next().value ?? 0 })[0]).to.equal('b');
  });
});
