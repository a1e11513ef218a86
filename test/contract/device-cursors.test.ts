import { describeDeviceCursorsContract } from './device-cursors.contract.js';
import { describeHotPath } from './hot-path-fixtures.js';

describeHotPath('DeviceCursors', describeDeviceCursorsContract);
