import { describeHotPath } from './hot-path-fixtures.js';
import { describeLeaseContract } from './lease.contract.js';

describeHotPath('Lease', describeLeaseContract);
