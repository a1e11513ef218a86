import { expect } from 'chai';
import { ApiWorld } from '../../support/api-world.js';
import { eventually } from '../../support/eventually.js';

const ID = '0K3WPX1ZC8R0A';
const PATH = `/v1/admin/messages/${ID}/trace`;

describe('the administrators’ routes', () => {
  let world: ApiWorld;
  beforeEach(async () => {
    world = await new ApiWorld().start();
  });
  afterEach(() => world.stop());

  it('let in who holds the administrators’ token, and nobody else, users neither', async () => {
    const { accessToken } = await world.signUp('alice');
    expect(await world.outcome('GET', PATH)).to.equal('401 UNAUTHENTICATED');
    expect(await world.outcome('GET', PATH, { token: accessToken })).to.equal('403 FORBIDDEN');
    expect(await world.outcome('GET', PATH, { token: world.adminToken })).to.equal('200');
  });

  it('are closed without a token in the configuration', async () => {
    const closed = await new ApiWorld({ settings: { adminToken: '' } }).start();
    expect(await closed.outcome('GET', PATH, { token: world.adminToken })).to.equal('403 FORBIDDEN');
    await closed.stop();
  });

  it('answer with the steps that processes report, in the order of their clocks', async () => {
    const asking = world.ask('GET', PATH, { token: world.adminToken });
    await eventually(() => Promise.resolve(world.bus.messages.length === 1));
    const [message] = world.bus.messages;
    expect(message).to.deep.include({ type: 'trace', eventId: ID });
    const request = (message as { readonly request: string }).request;
    await world.traces.post(request, { process: 'worker', steps: [{ step: 'stored', at: 5, subject: '' }] });
    await world.traces.post(request, { process: 'server server1', steps: [{ step: 'reserved', at: 1, subject: '' }] });
    expect((await asking).body).to.deep.equal({
      steps: [
        { step: 'reserved', at: 1, subject: '', process: 'server server1' },
        { step: 'stored', at: 5, subject: '', process: 'worker' },
      ],
    });
  });
});
