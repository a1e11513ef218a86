import { BROKER_FAULTS } from './broker.js';
import { CLIENT_FAULTS } from './clients.js';
import type { FaultKind } from './fault.js';
import { NETWORK_FAULTS } from './network.js';
import { PROCESS_FAULTS } from './processes.js';
import { REDIS_FAULTS } from './redis.js';
import { STORE_FAULTS } from './stores.js';

/** Every way to break a cluster that this program knows. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...PROCESS_FAULTS,
  ...BROKER_FAULTS,
  ...REDIS_FAULTS,
  ...STORE_FAULTS,
  ...NETWORK_FAULTS,
  ...CLIENT_FAULTS,
];
