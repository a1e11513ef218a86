import { describePeople } from './people-fixtures.js';
import { describeUserStoreContract } from './user-store.contract.js';

describePeople('UserStore', describeUserStoreContract);
