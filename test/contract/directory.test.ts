import { describeHotPath } from './hot-path-fixtures.js';
import { describeDirectoryContract } from './directory.contract.js';

describeHotPath('Directory', describeDirectoryContract);
