import { expect } from 'chai';
import { Latencies } from '../../../bench/load/latencies.js';

describe('Latencies', () => {
  it('finds quantiles to within half a per cent, and the largest exactly', () => {
    const latencies = new Latencies();
    for (let n = 1; n <= 10_000; n++) latencies.add(n / 100);
    const { p50, p99, max } = latencies.quantiles();
    expect(p50).to.be.closeTo(50, 0.25);
    expect(p99).to.be.closeTo(99, 0.5);
    expect(max).to.equal(100);
  });

  it('counts what lies beyond its scale at the ends', () => {
    const latencies = new Latencies();
    for (const ms of [0, 1e9, 1e9]) latencies.add(ms);
    expect(latencies.quantiles().p50).to.be.greaterThan(800_000);
  });

  it('is empty at first and after clear', () => {
    const latencies = new Latencies();
    latencies.add(3);
    latencies.clear();
    expect(latencies.quantiles()).to.deep.equal({ p50: 0, p99: 0, max: 0 });
  });
});
