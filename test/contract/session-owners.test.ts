import { describeHotPath } from './hot-path-fixtures.js';
import { describeSessionOwnersContract } from './session-owners.contract.js';

describeHotPath('SessionOwners', describeSessionOwnersContract);
