import { describeHotPath } from './hot-path-fixtures.js';
import { describeServerRegistryContract } from './server-registry.contract.js';

describeHotPath('ServerRegistry', describeServerRegistryContract);
