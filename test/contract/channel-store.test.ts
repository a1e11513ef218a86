import { describeChannelStoreContract } from './channel-store.contract.js';
import { describePeople } from './people-fixtures.js';

describePeople('ChannelStore', describeChannelStoreContract);
