import { describeHotPath } from './hot-path-fixtures.js';
import { describeRecentWindowContract } from './recent-window.contract.js';

describeHotPath('RecentWindow', describeRecentWindowContract);
