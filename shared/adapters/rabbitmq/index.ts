export { openRabbitMqBus, type RabbitMqBus, type RabbitMqBusOptions } from './bus.js';
