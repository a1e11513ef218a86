import { describeDeviceStoreContract } from './device-store.contract.js';
import { describePeople } from './people-fixtures.js';

describePeople('DeviceStore', describeDeviceStoreContract);
