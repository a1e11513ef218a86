import { expect } from 'chai';
import { planCapacity, type Constants, type Demand } from '../../../bench/plan/capacity.js';
import { EXAMPLE } from '../../../bench/plan/constants.js';
import { bytes, printPlan } from '../../../bench/plan/print.js';

const CONSTANTS: Constants = {
  ...{ serverMicros: 30, workerMicros: 20, redisMicros: 20, brokerMicros: 10 },
  ...{ connectionBytes: 10_000, processBytes: 200e6, connectionsPerServer: 20_000, compression: 0.25 },
  ...{ storedOverheadBytes: 300, windowOverheadBytes: 300, windowHours: 24, brokerOverheadBytes: 400 },
};
const SMALL: Demand = { ...EXAMPLE, dailyUsers: 1_000 };

describe('the capacity plan', () => {
  const plan = planCapacity(EXAMPLE, CONSTANTS);

  it('has the rates of the design for 50,000,000 daily users', () => {
    expect(Math.round(plan.averagePerSecond)).to.equal(11_574);
    expect(Math.round(plan.peakPerSecond)).to.equal(57_870);
    expect(plan.connections).to.equal(1_000_000);
  });

  it('gives chat servers enough files for their connections', () => {
    const count = Math.ceil(1_000_000 / (20_000 * EXAMPLE.utilisation));
    expect(plan.servers).to.include({ count, limitedBy: 'connections', bytes: count * 200e6 + 1e10 });
  });

  it('gives them enough cores where messages are what limits', () => {
    const talkative = planCapacity({ ...EXAMPLE, connectedShare: 0.0001, messagesPerUser: 200 }, CONSTANTS);
    expect(talkative.servers.limitedBy).to.equal('CPU');
    expect(talkative.servers.count).to.equal(Math.ceil((talkative.peakPerSecond * 30) / 1e6 / EXAMPLE.utilisation));
  });

  it('never goes below four servers', () => {
    expect(planCapacity(SMALL, CONSTANTS)).to.deep.include({ machines: 4 });
    expect(planCapacity(SMALL, CONSTANTS).servers).to.include({ count: 4, limitedBy: 'safety' });
  });

  it('keeps what is young in the store with its copies, and the rest compressed', () => {
    const { hotBytes, coldBytes, imageBytes } = planCapacity({ ...EXAMPLE, hotDays: 365, replicas: 2, textBytes: 100 }, CONSTANTS).storage;
    expect(hotBytes).to.equal(1e9 * 365 * 400 * 2);
    expect(coldBytes).to.equal(1e9 * 9 * 365 * 400 * 0.25);
    expect(imageBytes).to.be.closeTo(1e9 * 3650 * 0.2 * 200_000, 1e6);
  });

  it('has nothing cold when all of it is young', () => {
    expect(planCapacity({ ...EXAMPLE, years: 0.5, hotDays: 365 }, CONSTANTS).storage.coldBytes).to.equal(0);
  });

  it('is printed in units that people read', () => {
    expect([bytes(0), bytes(999), bytes(1_500), bytes(146e15)]).to.deep.equal(['0 B', '999 B', '1.5 KB', '146 PB']);
    expect(printPlan(EXAMPLE, plan)).to.include('1,000,000,000 a day: 11,574/s on average, 57,870/s at the peak');
  });
});
