import { expect } from 'chai';
import { createMetrics } from '../../../shared/adapters/prometheus/metrics.js';

describe('gauges', () => {
  const samples = (text: string, name: string): string[] => text.split('\n').filter((line) => line.startsWith(name));

  it('tell what they were set to last, each by its labels, and whoever holds them', async () => {
    const metrics = createMetrics({ process: 'test' });
    const open = metrics.gauge('doors_open', 'Doors', { floor: '1' });
    open.set(1);
    open.set(3);
    metrics.gauge('doors_open', 'Doors', { floor: '2' }).set(5);
    metrics.gauge('doors_open', 'Doors', { floor: '2' }).set(4);
    expect(samples(await metrics.render(), 'doors_open')).to.deep.equal([
      'doors_open{floor="1",process="test"} 3',
      'doors_open{floor="2",process="test"} 4',
    ]);
    open.set(0);
    expect(samples(await metrics.render(), 'doors_open')[0]).to.equal('doors_open{floor="1",process="test"} 0');
  });

  it('are 0 until then without labels, and left out with some', async () => {
    const metrics = createMetrics({ process: 'test' });
    metrics.gauge('windows_open', 'Windows');
    metrics.gauge('doors_open', 'Doors', { floor: '1' });
    const text = await metrics.render();
    expect([samples(text, 'windows_open'), samples(text, 'doors_open')]).to.deep.equal([['windows_open{process="test"} 0'], []]);
  });
});
