import { createMemoryBus } from '../../shared/adapters/memory/bus.js';
import { describeWith } from '../support/products.js';
import { PARTITIONS, RabbitMqWorld } from '../support/rabbitmq-world.js';
import { describeBusContract } from './bus.contract.js';

describeBusContract('memory', ({ queueBytes }) => {
  const bus = createMemoryBus({ partitions: PARTITIONS, queueBytes });
  return Promise.resolve({ open: () => Promise.resolve(bus), close: () => Promise.resolve() });
});

describeWith('amqp', 'RabbitMQ', (url) => {
  describeBusContract('RabbitMQ', ({ queueBytes }) => {
    const world = new RabbitMqWorld(url);
    const limits = { archiveBytes: queueBytes * PARTITIONS, deliveryBytes: queueBytes };
    return Promise.resolve({ open: () => world.open({ limits }), close: () => world.close() });
  });
});
