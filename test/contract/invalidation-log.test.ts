import { describeHotPath } from './hot-path-fixtures.js';
import { describeInvalidationLogContract } from './invalidation-log.contract.js';

describeHotPath('InvalidationLog', describeInvalidationLogContract);
